/**
 * Calls `act` after `ms` milliseconds, once what has come until then is read. Node.js calls timers before it reads: after a
 * standstill of this process, an answer that has come in time would count as late. The returned function cancels it.
 */
export function afterReading(ms: number, act: () => void): () => void {
  let immediate: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => (immediate = setImmediate(act)), ms);
  return () => {
    clearTimeout(timer);
    clearImmediate(immediate);
  };
}
