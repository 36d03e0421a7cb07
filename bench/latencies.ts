/** Returns milliseconds of a clock that all processes of this machine share. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Records the latency of messages, which contain their sending time. */
export function latencies() {
  const noted: number[] = [];
  return {
    started: (sentAt: number) => void noted.push(now() - sentAt),
    take: () => noted.splice(0),
  };
}
