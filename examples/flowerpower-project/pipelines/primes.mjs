/** Counts the primes up to a number. It computes for a while, but in a thread of its own: Node-RED does not wait. */
export default function primes({ mqtt_message: { upTo } }, { log, progress, signal }) {
  const isComposite = new Uint8Array(upTo + 1);
  let count = 0;
  for (let n = 2; n <= upTo && !signal.aborted; n++) {
    if (isComposite[n]) continue;
    count += 1;
    for (let multiple = n * n; multiple <= upTo; multiple += n) isComposite[multiple] = 1;
  }
  progress(100);
  log(`${count} primes up to ${upTo}`);
  return { upTo, count };
}
