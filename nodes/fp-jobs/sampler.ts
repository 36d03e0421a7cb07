const LONGEST_INTERVAL = 10_000;
/** A sample may take 1 % of the time. */
const SHARE = 100;

export interface SamplerOptions<Sample> {
  sample: (queue: string) => Promise<Sample>;
  /** Hears each sample; undefined if it failed. */
  publish: (queue: string, sample: Sample | undefined) => void;
  /** Milliseconds for which a queue is sampled after the last look. Default: 10,000 */
  lease?: number;
  /** Milliseconds between two samples of a queue; more if a sample takes long. Default: 2000 */
  interval?: number;
}

interface Looked<Sample> {
  until: number;
  latest: Promise<Sample>;
  timer?: NodeJS.Timeout;
}

/** Samples each queue once for everyone who looks at it. Nothing runs while nobody looks. */
export class Sampler<Sample> {
  readonly #options: Required<SamplerOptions<Sample>>;
  readonly #queues = new Map<string, Looked<Sample>>();

  constructor({ lease = 10_000, interval = 2000, ...options }: SamplerOptions<Sample>) {
    this.#options = { ...options, lease, interval };
  }

  /** Keeps a queue sampled for the lease; resolves to its latest sample. */
  look(queue: string): Promise<Sample> {
    const until = Date.now() + this.#options.lease;
    const looked = this.#queues.get(queue);
    if (looked) looked.until = until;
    else this.#sample(queue, until);
    return this.#queues.get(queue)!.latest;
  }

  /** Samples a queue again that somebody looks at: a user has changed it. */
  refresh(queue: string): void {
    const looked = this.#queues.get(queue);
    if (!looked) return;
    clearTimeout(looked.timer);
    this.#sample(queue, looked.until);
  }

  /** Forgets the samples and those who look, until they look again. */
  reset(): void {
    for (const { timer } of this.#queues.values()) clearTimeout(timer);
    this.#queues.clear();
  }

  #sample(queue: string, until: number): void {
    const { sample, publish, interval } = this.#options;
    const begun = Date.now();
    const latest = sample(queue);
    const looked: Looked<Sample> = { until, latest };
    this.#queues.set(queue, looked);
    const end = (found?: Sample) => {
      // A refresh may have begun meanwhile.
      if (this.#queues.get(queue) !== looked) return;
      publish(queue, found);
      const pause = Math.max(interval, (Date.now() - begun) * SHARE);
      looked.timer = setTimeout(() => this.#next(queue, looked), Math.min(pause, LONGEST_INTERVAL)).unref();
    };
    latest.then(end, () => end());
  }

  #next(queue: string, { until }: Looked<Sample>): void {
    if (Date.now() < until) this.#sample(queue, until);
    else this.#queues.delete(queue);
  }
}
