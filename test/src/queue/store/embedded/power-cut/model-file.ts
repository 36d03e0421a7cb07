import type { Random } from '../../../../../faults/random.ts';

type Change = { at: number; data: Buffer } | { size: number };

/** Bytes that a disk writes atomically. */
const SECTOR = 512;
/** Share of writes that are torn: only some sectors reach the disk. */
const TORN = 0.2;

/** The bytes of a file on disk, and the changes since. */
export class ModelFile {
  #safe: Buffer = Buffer.alloc(0);
  #changes: Change[] = [];

  write(at: number, data: Buffer): void {
    this.#changes.push({ at, data });
  }

  truncate(size: number): void {
    this.#changes.push({ size });
  }

  sync(): void {
    this.#safe = this.#fits() ? writeAll(this.#safe, this.#changes) : applied(this.#safe, this.#changes);
    this.#changes = [];
  }

  /** Most syncs are of some pages of a log of 4 MB, which need no copy of it. */
  #fits(): boolean {
    return this.#changes.every(
      (change) => 'data' in change && change.at + change.data.length <= this.#safe.length,
    );
  }

  /** Returns the bytes after a power cut: each change survives with the probability `keep`, sometimes in part. */
  afterCut(random: Random, keep: number): Buffer {
    const left = this.#changes.flatMap((change) => {
      if (random.next() >= keep) return [];
      return 'data' in change && keep < 1 && random.next() < TORN ? torn(change, random) : [change];
    });
    return applied(this.#safe, left);
  }
}

function torn({ at, data }: { at: number; data: Buffer }, random: Random): Change[] {
  const sectors: Change[] = [];
  for (let from = 0; from < data.length;) {
    const end = Math.min(data.length, from + SECTOR - ((at + from) % SECTOR));
    if (random.next() < 0.5) sectors.push({ at: at + from, data: data.subarray(from, end) });
    from = end;
  }
  return sectors;
}

function writeAll(bytes: Buffer, changes: Change[]): Buffer {
  for (const change of changes) if ('data' in change) change.data.copy(bytes, change.at);
  return bytes;
}

function applied(bytes: Buffer, changes: Change[]): Buffer {
  if (changes.length === 0) return bytes;
  let size = bytes.length;
  const ends = changes.map((change) => ('size' in change ? change.size : change.at + change.data.length));
  const room = Buffer.alloc(Math.max(size, ...ends));
  bytes.copy(room);
  for (const change of changes) {
    if ('size' in change) {
      room.fill(0, change.size);
      size = change.size;
    } else {
      change.data.copy(room, change.at);
      size = Math.max(size, change.at + change.data.length);
    }
  }
  return room.subarray(0, size);
}
