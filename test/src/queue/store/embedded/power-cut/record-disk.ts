/**
 * Preloaded into the database process (NODE_OPTIONS=--require): records its file operations and answers, in order, in
 * the file named by FP_DISK_JOURNAL, which `journal.ts` reads.
 */
import fs from 'node:fs';
import promises from 'node:fs/promises';
import { serialize } from 'node:v8';
import type { DiskOperation } from './journal.ts';

const { NODE_FP_DISK_JOURNAL: journal = '' } = process.env;

const { openSync, writeSync } = fs;
const paths = new Map<number, string>();
/** Depth of nested calls: some functions of node:fs call others, and only the outermost call is recorded. */
let depth = 0;

if (journal && process.argv[1]?.endsWith('main.js')) record();

function record(): void {
  const descriptor = openSync(journal, 'a');
  const note = (operation: DiskOperation) => {
    const bytes = serialize(operation);
    const size = Buffer.alloc(4);
    size.writeUInt32BE(bytes.length);
    writeSync(descriptor, Buffer.concat([size, bytes]));
  };
  recordFiles(note);
  recordNames(note);
  recordPromises(note);
  const send = process.send?.bind(process);
  process.send = (message: { is: string; answers?: unknown[] }, ...rest: []) => {
    if (message.is === 'answers') note({ do: 'answer', text: JSON.stringify(message.answers) });
    return send?.(message, ...rest) ?? false;
  };
}

type Note = (operation: DiskOperation) => void;

/** Calls the function before recording it, so that failed calls aren't recorded. */
function after<P extends unknown[], R>(
  call: (...parameters: P) => R,
  then: (result: R, ...given: P) => void,
) {
  return (...parameters: P): R => {
    depth++;
    try {
      const result = call(...parameters);
      if (depth === 1) then(result, ...parameters);
      return result;
    } finally {
      depth--;
    }
  };
}

function recordFiles(note: Note): void {
  const whenOpen = (descriptor: number, noteIt: (path: string) => void) => {
    const path = paths.get(descriptor);
    if (path !== undefined) noteIt(path);
  };
  fs.openSync = after(fs.openSync, (descriptor, path) => paths.set(descriptor, String(path)));
  fs.closeSync = after(fs.closeSync, (_, descriptor) => paths.delete(descriptor));
  // PGlite's arguments: view, offset in the view, length, position in the file.
  const wrote = (
    size: number,
    ...[descriptor, view, from, , at]: [number, Uint8Array, number, number, number]
  ) =>
    whenOpen(descriptor, (path) =>
      note({ do: 'write', path, at, data: Buffer.from(view.subarray(from, from + size)) }),
    );
  fs.writeSync = after(writeSync as (...given: never[]) => number, wrote as never) as typeof fs.writeSync;
  fs.ftruncateSync = after(fs.ftruncateSync, (_, descriptor, size) =>
    whenOpen(descriptor, (path) => note({ do: 'truncate', path, size: size ?? 0 })),
  );
  for (const name of ['fsyncSync', 'fdatasyncSync'] as const) {
    fs[name] = after(fs[name], (_, descriptor) => whenOpen(descriptor, (path) => note({ do: 'sync', path })));
  }
}

function recordNames(note: Note): void {
  const { existsSync } = fs;
  fs.writeFileSync = after(fs.writeFileSync, (_, path, data) => {
    note({ do: 'make', path: String(path) });
    if (data !== '') note({ do: 'write', path: String(path), at: 0, data: Buffer.from(data as Buffer) });
  });
  fs.truncateSync = after(fs.truncateSync, (_, path, size) =>
    note({ do: 'truncate', path: String(path), size: size ?? 0 }),
  );
  fs.mkdirSync = after(fs.mkdirSync as (path: string) => undefined, (_, path) =>
    note({ do: 'make directory', path }),
  ) as typeof fs.mkdirSync;
  fs.renameSync = after(fs.renameSync, (_, from, to) => renamed(note, String(from), String(to)));
  fs.unlinkSync = after(fs.unlinkSync, (_, path) => note({ do: 'remove', path: String(path) }));
  fs.rmdirSync = after(fs.rmdirSync, (_, path) => note({ do: 'remove', path: String(path) }));
  if (!existsSync(journal)) throw new Error('the journal is missing');
}

function renamed(note: Note, from: string, to: string): void {
  note({ do: 'rename', from, to });
  for (const [descriptor, path] of paths) if (path === from) paths.set(descriptor, to);
}

/** Records the promise functions, which create the directory one call at a time. */
function recordPromises(note: Note): void {
  const { mkdir, open, rename, rm, writeFile } = promises;
  promises.mkdir = (async (path: string, options: object) => {
    const first = await mkdir(path, options);
    note({ do: 'make directory', path });
    return first;
  }) as typeof mkdir;
  promises.writeFile = (async (path: string, data: Buffer, options: object) => {
    await writeFile(path, data, options);
    note({ do: 'make', path });
    note({ do: 'write', path, at: 0, data });
  }) as typeof writeFile;
  promises.rename = async (from, to) => {
    await rename(from, to);
    note({ do: 'rename', from: String(from), to: String(to) });
  };
  promises.rm = async (path, options) => {
    await rm(path, options);
    note({ do: 'remove', path: String(path) });
  };
  promises.open = async (path, ...rest) => {
    const file = await open(path, ...rest);
    const sync = file.sync.bind(file);
    file.sync = async () => {
      await sync();
      note({ do: 'sync', path: String(path) });
    };
    return file;
  };
}
