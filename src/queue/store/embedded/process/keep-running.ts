/**
 * Keeps this process running until `process.exit`. Without a handle that does so, Node.js 24 may hang while WebAssembly is
 * compiled: its main thread waits for its compiler, which waits for a garbage collection of the main thread.
 */
export function keepRunning(): void {
  // The channel to the parent; a process that was not forked has none.
  if (process.channel) process.channel.ref();
  else setInterval(() => undefined, 60_000);
}
