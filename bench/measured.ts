/** One line of the table: a ratio or a difference, both sides taken in this run. */
export interface Measured {
  what: string;
  /** What it is divided by, or subtracted from it. */
  against: string;
  value: number;
  /** Default: none, `value` is a ratio. */
  unit?: 'MB' | 'ms';
  atLeast?: number;
  atMost?: number;
  /** The two sides, on this machine only. */
  detail: string;
}

/** A part of the bench that runs by itself. */
export interface Row {
  name: string;
  run(bench: Bench): Promise<Measured[]>;
}

export interface Bench {
  /** A directory for CPU profiles of the Node-RED processes. */
  profile?: string | undefined;
  /** Whether a row may take minutes. */
  isLong: boolean;
}

/** The middle of several measurements. */
export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** The value that the share `part` of all values does not exceed. */
export function quantile(values: number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * part) - 1] ?? NaN;
}

type Measure = () => Promise<number>;

/** Measures two things by turns, so that what else the machine does strikes both; the median of each. */
export async function alternate(rounds: number, ours: Measure, theirs: Measure): Promise<[number, number]> {
  const measured: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    measured[0].push(await ours());
    measured[1].push(await theirs());
  }
  return [median(measured[0]), median(measured[1])];
}
