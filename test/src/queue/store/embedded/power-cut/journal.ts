import { readFileSync } from 'node:fs';
import { deserialize } from 'node:v8';

/** A file operation of the database process, or an answer to its owner. */
export type DiskOperation =
  | { do: 'make'; path: string }
  | { do: 'make directory'; path: string }
  | { do: 'remove'; path: string }
  | { do: 'sync'; path: string }
  | { do: 'write'; path: string; at: number; data: Buffer }
  | { do: 'truncate'; path: string; size: number }
  | { do: 'rename'; from: string; to: string }
  | { do: 'answer'; text: string };

/** Reads the journal of `record-disk.ts`. */
export function readJournal(file: string): DiskOperation[] {
  const bytes = readFileSync(file);
  const operations: DiskOperation[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 4 + bytes.readUInt32BE(at);
    operations.push(deserialize(bytes.subarray(at + 4, end)) as DiskOperation);
    at = end;
  }
  return operations;
}
