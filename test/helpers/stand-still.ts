/** Stops this process for a time, as a busy machine does: it neither reads nor calls timers. */
export function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
