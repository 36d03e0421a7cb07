/** A line of the table: a ratio or a difference of two measurements in this run. */
export interface Measured {
  what: string;
  /** The reference: divisor of the ratio, or subtrahend of the difference. */
  against: string;
  value: number;
  /** Unit of a difference; missing for a ratio. */
  unit?: 'MB' | 'ms';
  atLeast?: number;
  atMost?: number;
  /** The two measured values, only valid for this machine. */
  detail: string;
}

/** An independent part of the bench. */
export interface Row {
  name: string;
  run(bench: Bench): Promise<Measured[]>;
}

export interface Bench {
  /** Directory for CPU profiles of the Node-RED processes. */
  profile?: string | undefined;
  /** Rows may take minutes. */
  isLong: boolean;
}

/** Returns the median. */
export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** Returns the quantile: the share `part` of all values does not exceed it. */
export function quantile(values: number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * part) - 1] ?? NaN;
}

type Measure = () => Promise<number>;

/** Measures two things alternately, so that other load affects both; returns the median of each. */
export async function alternate(rounds: number, ours: Measure, theirs: Measure): Promise<[number, number]> {
  const measured: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    measured[0].push(await ours());
    measured[1].push(await theirs());
  }
  return [median(measured[0]), median(measured[1])];
}
