/**
 * Keeps this process running while its parent does, or until `process.exit`. Node.js 24 may hang when it has no handle while it
 * compiles WebAssembly, and at its end: its main thread waits for the compiler, which waits for a garbage collection of the main
 * thread. So a process that has reported the last is killed by its parent.
 */
export function keepRunning(): void {
  process.channel?.ref();
}
