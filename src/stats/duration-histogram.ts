/**
 * Upper bounds of the buckets in milliseconds: five in each factor of ten, from 1 ms to 28 hours. They never change,
 * because stored counts of several processes and minutes are added.
 */
export const durationBounds: readonly number[] = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7]
  .flatMap((ten) => [1, 1.6, 2.5, 4, 6.3].map((part) => part * ten))
  .concat(1e8);

/** Counts durations in buckets, so that percentiles over many processes can be computed. */
export class DurationHistogram {
  /** Number of durations in each bucket. The last bucket has those above the last bound. */
  readonly counts: number[] = Array.from({ length: durationBounds.length + 1 }, () => 0);
  #sum = 0;

  /** Counts a duration in milliseconds. */
  record(ms: number): void {
    const bucket = durationBounds.findIndex((bound) => ms <= bound);
    this.counts[bucket === -1 ? durationBounds.length : bucket]! += 1;
    this.#sum += ms;
  }

  /** Sum of the recorded durations in milliseconds. */
  get sum(): number {
    return this.#sum;
  }

  /** Adds counts of other histograms, which may lack buckets at the end. */
  merge(counts: readonly number[]): void {
    for (const [bucket, count] of counts.slice(0, this.counts.length).entries())
      this.counts[bucket]! += count;
  }

  /** Returns the counts without the buckets at the end that have none. */
  used(): number[] {
    return this.counts.slice(0, this.counts.findLastIndex((count) => count > 0) + 1);
  }

  /** Returns the total number of durations. */
  total(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  /**
   * Estimates the duration in milliseconds that the share `part` (0 to 1) of all does not exceed; undefined if none was
   * recorded. It is at most a bucket's width off; durations above the last bound count as that bound.
   */
  percentile(part: number): number | undefined {
    const rank = part * this.total();
    if (this.total() === 0) return undefined;
    let below = 0;
    for (const [bucket, count] of this.counts.entries()) {
      if (count > 0 && below + count >= rank) return within(bucket, (rank - below) / count);
      below += count;
    }
    return durationBounds.at(-1);
  }
}

/** Interpolates in a bucket. */
function within(bucket: number, share: number): number {
  const low = durationBounds[bucket - 1] ?? 0;
  const high = durationBounds[bucket] ?? low;
  return low + (high - low) * share;
}
