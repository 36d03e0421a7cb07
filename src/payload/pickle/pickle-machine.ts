import { exactNumber } from '../define-format.ts';
import { keyText, setOwn } from '../map-entry.ts';
import { Bytes } from './bytes.ts';
import { buildOf, type Build } from './classes.ts';

const STACK_EMPTY = 'it takes a value from an empty stack';

/** A supported class on the stack. */
class ClassRef {
  readonly build: Build;
  readonly text: string;

  constructor(module: string, name: string) {
    this.text = `${module}.${name}`;
    const build = buildOf(module, name);
    if (!build) throw new Error(`the class ${this.text} is unsupported, only plain data is read`);
    this.build = build;
  }
}

/**
 * The stack machine that executes a pickle (https://peps.python.org/pep-3154/). It only builds data; it runs no code.
 */
export class PickleMachine {
  readonly bytes: Bytes;
  #stack: unknown[] = [];
  readonly #marked: unknown[][] = [];
  readonly #memo = new Map<number, unknown>();

  /**
   * Limits the bytes made of text: a pickle can convert one text many times. One byte of a pickle makes at most two
   * bytes.
   */
  #bytesLeft: number;

  constructor(payload: Buffer) {
    this.bytes = new Bytes(payload);
    this.#bytesLeft = 2 * payload.length;
  }

  /** Returns the value after the last operation. */
  result(): unknown {
    if (this.#stack.length !== 1 || this.#marked.length > 0) throw new Error('it stops too early');
    return plain(this.#stack[0]);
  }

  push(value: unknown): void {
    this.#stack.push(value);
  }

  pop(): unknown {
    if (this.#stack.length === 0) throw new Error(STACK_EMPTY);
    return this.#stack.pop();
  }

  top(): unknown {
    if (this.#stack.length === 0) throw new Error(STACK_EMPTY);
    return this.#stack.at(-1);
  }

  mark(): void {
    this.#marked.push(this.#stack);
    this.#stack = [];
  }

  /** Removes and returns the values since the last mark. */
  popMarked(): unknown[] {
    const items = this.#stack;
    const before = this.#marked.pop();
    if (!before) throw new Error('a mark is missing');
    this.#stack = before;
    return items;
  }

  popMany(count: number): unknown[] {
    if (this.#stack.length < count) throw new Error(STACK_EMPTY);
    return this.#stack.splice(this.#stack.length - count);
  }

  put(index: number): void {
    this.#memo.set(index, this.top());
  }

  memoize(): void {
    this.put(this.#memo.size);
  }

  get(index: number): void {
    if (!this.#memo.has(index)) throw new Error(`the memo has no entry ${index}`);
    this.push(this.#memo.get(index));
  }

  /** Replaces a class in a tuple by its name: it is an argument of another class, for instance of defaultdict. */
  pushTuple(items: unknown[]): void {
    this.push(items.map((item) => plain(item instanceof ClassRef ? item.text : item)));
  }

  append(items: unknown[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw new Error('it appends to a value that is not a list');
    for (const item of items) list.push(plain(item));
  }

  setItems(items: unknown[]): void {
    const dict = this.top();
    if (typeof dict !== 'object' || dict === null || Array.isArray(dict) || Buffer.isBuffer(dict)) {
      throw new Error('it sets an item of a value that is not a dict');
    }
    if (items.length % 2 === 1) throw new Error('a key has no value');
    for (let i = 0; i < items.length; i += 2) setOwn(dict, keyOf(items[i]), plain(items[i + 1]));
  }

  pushName(module: unknown, name: unknown): void {
    if (typeof module !== 'string' || typeof name !== 'string') throw new Error('a name is not text');
    this.push(new ClassRef(module, name));
  }

  call(name: unknown, args: unknown): void {
    if (!(name instanceof ClassRef) || !Array.isArray(args))
      throw new Error('it calls a value that is not a class');
    const made = plain(name.build(args as unknown[]));
    if (Buffer.isBuffer(made)) this.#bytesLeft -= made.length;
    if (this.#bytesLeft < 0) throw new Error('it makes too many bytes');
    this.push(made);
  }
}

function plain(value: unknown): unknown {
  if (value instanceof ClassRef) throw new Error('it contains a class, only plain data is read');
  return exactNumber(value);
}

function keyOf(key: unknown): string {
  if (typeof key === 'boolean') return key ? 'True' : 'False';
  return key === null ? 'None' : keyText(key);
}
