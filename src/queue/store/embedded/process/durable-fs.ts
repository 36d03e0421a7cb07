import { fdatasyncSync, fsyncSync } from 'node:fs';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/** The parts of Emscripten's NODEFS that are used here. */
interface EmscriptenModule {
  FS: { isDir(mode: number): boolean };
  NODEFS: {
    /** Turns an error of node:fs into the error number that PostgreSQL reports. */
    tryFSOperation(operation: () => void): void;
    stream_ops: { fsync?(stream: { nfd: number; node: { mode: number } }): number };
  };
}

/** PGlite's directory on disk, with the fsync that PGlite leaves out: nothing it confirms is lost in a power cut. */
export class DurableFs extends NodeFS {
  override async init(...parameters: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const amended = await super.init(...parameters);
    amended.emscriptenOpts.preRun?.push((module) => addFsync(module));
    return amended;
  }
}

function addFsync({ FS, NODEFS }: EmscriptenModule): void {
  NODEFS.stream_ops.fsync = ({ nfd, node }) => {
    // The data and size of a file must reach the disk, its times need not: PostgreSQL's own choice for its log on Linux.
    NODEFS.tryFSOperation(() => (FS.isDir(node.mode) ? syncOpenDirectory(nfd) : fdatasyncSync(nfd)));
    return 0;
  };
}

function syncOpenDirectory(descriptor: number): void {
  // Windows has no fsync for directories; NTFS keeps a log of their entries.
  if (process.platform !== 'win32') fsyncSync(descriptor);
}
