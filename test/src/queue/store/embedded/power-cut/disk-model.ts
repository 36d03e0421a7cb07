import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Random } from '../../../../../faults/random.ts';
import type { DiskOperation } from './journal.ts';
import { ModelFile } from './model-file.ts';

/** A directory of the model, with the names on the disk. */
class ModelDirectory {
  readonly isDirectory = true;
}

type Entry = ModelFile | ModelDirectory;

/** Names added, removed or changed in one step. A late write only affects these names. */
interface NameChange {
  /** The affected directories. */
  places: string[];
  names: { entry: Entry; from?: string; to?: string }[];
}

/**
 * Models a disk that can lose power. A sync of a file saves its bytes, a sync of a directory its names. As on ext4, XFS
 * and Btrfs, a sync of a file also saves its name. Everything else survives a power cut at random.
 */
export class DiskModel {
  /** The state seen by the process. */
  readonly #names = new Map<string, Entry>();
  readonly #safeNames = new Map<string, Entry>();
  #unsafeNames: NameChange[] = [];

  apply(operation: DiskOperation): void {
    switch (operation.do) {
      case 'make':
        return this.#add(operation.path, new ModelFile());
      case 'make directory':
        return this.#add(operation.path, new ModelDirectory());
      case 'rename':
        return this.#move(operation.from, operation.to);
      case 'remove':
        return this.#move(operation.path);
      case 'write':
        return this.#file(operation.path)?.write(operation.at, operation.data);
      case 'truncate':
        return this.#file(operation.path)?.truncate(operation.size);
      case 'sync':
        return this.#sync(operation.path);
      case 'answer':
      default:
    }
  }

  /** Writes the state of `root` after a power cut to `target`; `keep` is the share of unsynced changes that survive. */
  cut({ root, target, random, keep }: Cut): void {
    const names = new Map(this.#safeNames);
    for (const change of this.#unsafeNames) if (random.next() < keep) changeNames(names, change);
    mkdirSync(target, { recursive: true });
    for (const [path, entry] of [...names].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
      const place = relative(root, path);
      if (place === '' || place.startsWith('..') || !hasParent(names, path, root)) continue;
      if (entry instanceof ModelDirectory) mkdirSync(join(target, place), { mode: 0o700 });
      else writeFileSync(join(target, place), entry.afterCut(random, keep), { mode: 0o600 });
    }
  }

  #add(path: string, entry: Entry): void {
    this.#change({ places: [dirname(path)], names: [{ entry, to: path }] });
  }

  /** Renames or removes a file, or a directory with its contents. */
  #move(from: string, to?: string): void {
    const moved = [...this.#names].filter(([path]) => path === from || path.startsWith(`${from}/`));
    const names = moved.map(([path, entry]) => ({
      entry,
      from: path,
      ...(to !== undefined && { to: to + path.slice(from.length) }),
    }));
    this.#change({ places: [from, ...(to === undefined ? [] : [to])].map((path) => dirname(path)), names });
  }

  #change(change: NameChange): void {
    changeNames(this.#names, change);
    this.#unsafeNames.push(change);
  }

  #file(path: string): ModelFile | undefined {
    const entry = this.#names.get(path);
    return entry instanceof ModelFile ? entry : undefined;
  }

  #sync(path: string): void {
    const file = this.#file(path);
    file?.sync();
    const isSynced = ({ places, names }: NameChange) =>
      file ? names.some(({ entry, from }) => entry === file && from === undefined) : places.includes(path);
    for (const change of this.#unsafeNames) if (isSynced(change)) changeNames(this.#safeNames, change);
    this.#unsafeNames = this.#unsafeNames.filter((change) => !isSynced(change));
  }
}

export interface Cut {
  root: string;
  target: string;
  random: Random;
  keep: number;
}

function changeNames(all: Map<string, Entry>, { names }: NameChange): void {
  for (const { entry, from, to } of names) {
    const isThere = from === undefined || all.get(from) === entry;
    if (isThere && from !== undefined) all.delete(from);
    if (isThere && to !== undefined) all.set(to, entry);
  }
}

function hasParent(names: Map<string, Entry>, path: string, root: string): boolean {
  const parent = dirname(path);
  return parent === root || (names.get(parent) instanceof ModelDirectory && hasParent(names, parent, root));
}
