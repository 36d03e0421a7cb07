/** Milliseconds on a clock that all processes of this machine share. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Notes how long messages took; each carries the time it was sent at. */
export function latencies() {
  const noted: number[] = [];
  return {
    started: (sentAt: number) => void noted.push(now() - sentAt),
    take: () => noted.splice(0),
  };
}
