/** Megabytes, the most that was seen. */
export interface Memory {
  /** In the first third of the time. */
  first: number;
  /** In the last third. */
  last: number;
}

/** How much more the last third may take than the first: caches and V8's heap are still filling at the beginning. */
const TOLERANCE = { factor: 1.25, megabytes: 60 };

/** Whether memory has grown by more than a process that has run for longer may take. */
export function hasGrown({ first, last }: Memory): boolean {
  return last > first * TOLERANCE.factor + TOLERANCE.megabytes;
}

/** Looks now, when all is running, and every half second until the function returned is called, which tells the peaks. */
export function watchMemory(look: () => number): () => Memory {
  const samples = [look()];
  const timer = setInterval(() => samples.push(look()), 500);
  return () => {
    clearInterval(timer);
    return peaks(samples);
  };
}

function peaks(samples: number[]): Memory {
  const third = Math.ceil(samples.length / 3);
  return { first: Math.max(0, ...samples.slice(0, third)), last: Math.max(0, ...samples.slice(-third)) };
}
