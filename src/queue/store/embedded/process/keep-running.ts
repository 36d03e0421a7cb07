/**
 * Keeps this process running while its parent does, or until `process.exit`. A process that ends while it compiles WebAssembly
 * may hang on Node.js 24: its main thread waits for the compiler, which waits for a garbage collection of the main thread.
 * Without a handle Node.js would think that it can end. At its real end it may hang, too, so its parent kills it.
 */
export function keepRunning(): void {
  process.channel?.ref();
}
