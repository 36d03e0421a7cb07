/**
 * Keeps this process running while its parent does, or until `process.exit`. Without a handle that does so, Node.js 24 may hang while WebAssembly is
 * compiled: its main thread waits for its compiler, which waits for a garbage collection of the main thread.
 */
export function keepRunning(): void {
  process.channel?.ref();
}
