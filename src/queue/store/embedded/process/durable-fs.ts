import { fdatasyncSync, fsyncSync } from 'node:fs';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/** The used parts of Emscripten's NODEFS. */
interface EmscriptenModule {
  FS: { isDir(mode: number): boolean };
  NODEFS: {
    /** Converts an error of node:fs to an error number for PostgreSQL. */
    tryFSOperation(operation: () => void): void;
    stream_ops: { fsync?(stream: { nfd: number; node: { mode: number } }): number };
  };
}

/** PGlite's file system with fsync, which PGlite omits: confirmed changes survive a power cut. */
export class DurableFs extends NodeFS {
  override async init(...parameters: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const amended = await super.init(...parameters);
    amended.emscriptenOpts.preRun?.push((module) => addFsync(module));
    return amended;
  }
}

function addFsync({ FS, NODEFS }: EmscriptenModule): void {
  NODEFS.stream_ops.fsync = ({ nfd, node }) => {
    // fdatasync omits the times of a file. PostgreSQL uses it for its log on Linux, too.
    NODEFS.tryFSOperation(() => (FS.isDir(node.mode) ? syncOpenDirectory(nfd) : fdatasyncSync(nfd)));
    return 0;
  };
}

function syncOpenDirectory(descriptor: number): void {
  // Windows has no fsync for directories; NTFS journals their entries.
  if (process.platform !== 'win32') fsyncSync(descriptor);
}
