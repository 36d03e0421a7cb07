import { exactNumber } from '../exact-number.ts';
import { keyText } from '../key-text.ts';
import { setOwn } from '../own-property.ts';
import { Bytes } from './bytes.ts';
import { buildOf, type Build } from './classes.ts';

/** A class that may be built; only its name ever stands for it. */
class ClassRef {
  readonly build: Build;
  readonly text: string;

  constructor(module: string, name: string) {
    this.text = `${module}.${name}`;
    const build = buildOf(module, name);
    if (!build) throw new Error(`it holds an object of the class ${this.text}, and only plain data is read`);
    this.build = build;
  }
}

/** The stack machine that a pickle is a program for (https://peps.python.org/pep-3154/); it can make data and nothing else. */
export class Machine {
  readonly bytes: Bytes;
  #stack: unknown[] = [];
  readonly #marked: unknown[][] = [];
  readonly #memo = new Map<number, unknown>();

  constructor(payload: Buffer) {
    this.bytes = new Bytes(payload);
  }

  /** What the pickle is, once it has stopped. */
  result(): unknown {
    if (this.#stack.length !== 1 || this.#marked.length > 0) throw new Error('it stops in the middle');
    return plain(this.#stack[0]);
  }

  push(value: unknown): void {
    this.#stack.push(value);
  }

  pop(): unknown {
    if (this.#stack.length === 0) throw new Error('it takes more than there is');
    return this.#stack.pop();
  }

  top(): unknown {
    if (this.#stack.length === 0) throw new Error('it takes more than there is');
    return this.#stack.at(-1);
  }

  mark(): void {
    this.#marked.push(this.#stack);
    this.#stack = [];
  }

  /** All since the last mark. */
  popMarked(): unknown[] {
    const items = this.#stack;
    const before = this.#marked.pop();
    if (!before) throw new Error('it has no mark where it needs one');
    this.#stack = before;
    return items;
  }

  popMany(count: number): unknown[] {
    if (this.#stack.length < count) throw new Error('it takes more than there is');
    return this.#stack.splice(this.#stack.length - count);
  }

  put(index: number): void {
    this.#memo.set(index, this.top());
  }

  memoize(): void {
    this.put(this.#memo.size);
  }

  get(index: number): void {
    if (!this.#memo.has(index)) throw new Error(`it names ${index}, which was not kept`);
    this.push(this.#memo.get(index));
  }

  /** A class in a tuple is an argument of another one, for instance of defaultdict: its name stands for it. */
  pushTuple(items: unknown[]): void {
    this.push(items.map((item) => plain(item instanceof ClassRef ? item.text : item)));
  }

  append(items: unknown[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw new Error('it appends to something that is no list');
    for (const item of items) list.push(plain(item));
  }

  setItems(items: unknown[]): void {
    const dict = this.top();
    if (typeof dict !== 'object' || dict === null || Array.isArray(dict) || Buffer.isBuffer(dict)) {
      throw new Error('it sets an item of something that is no dict');
    }
    if (items.length % 2 === 1) throw new Error('it has a key without a value');
    for (let i = 0; i < items.length; i += 2) setOwn(dict, keyOf(items[i]), plain(items[i + 1]));
  }

  pushName(module: unknown, name: unknown): void {
    this.push(new ClassRef(String(module), String(name)));
  }

  call(name: unknown, args: unknown): void {
    if (!(name instanceof ClassRef) || !Array.isArray(args))
      throw new Error('it calls something that is no class');
    this.push(plain(name.build(args as unknown[])));
  }
}

function plain(value: unknown): unknown {
  if (value instanceof ClassRef) throw new Error('it holds a class, and only plain data is read');
  return exactNumber(value);
}

function keyOf(key: unknown): string {
  if (typeof key === 'boolean') return key ? 'True' : 'False';
  return key === null ? 'None' : keyText(key);
}
