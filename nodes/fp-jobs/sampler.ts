const LONGEST_INTERVAL = 10_000;
/** A sample may take 1 % of the time. */
const SHARE = 100;
/**
 * Milliseconds between the first samples after a change: its effects follow within seconds, and the normal pause is up to
 * 10 s for a store that answers slowly.
 */
const QUICK_PAUSES = [100, 200, 400, 800, 1600];
/** Each of them takes at most a fifth of the time. */
const QUICK_SHARE = 4;

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
  /** Number of samples since somebody began to look or changed the queue. */
  age: number;
  timer?: NodeJS.Timeout;
}

/** Samples each queue once for everyone who looks at it. Nothing runs while nobody looks. */
export class Sampler<Sample> {
  readonly #options: Required<SamplerOptions<Sample>>;
  readonly #queues = new Map<string, Looked<Sample>>();

  constructor({ lease = 10_000, interval = 2000, ...options }: SamplerOptions<Sample>) {
    this.#options = { ...options, lease, interval };
  }

  /** Keeps a queue sampled for the lease, at first more often; resolves to its latest sample. */
  look(queue: string): Promise<Sample> {
    const until = Date.now() + this.#options.lease;
    const looked = this.#queues.get(queue);
    if (looked) looked.until = until;
    else this.#sample(queue, { until, age: 0 });
    return this.#queues.get(queue)!.latest;
  }

  /** Samples a queue again that somebody looks at, and soon again some times: a user has changed it. */
  refresh(queue: string): void {
    const looked = this.#queues.get(queue);
    if (!looked) return;
    clearTimeout(looked.timer);
    this.#sample(queue, { until: looked.until, age: 0 });
  }

  /** Forgets the samples and those who look, until they look again. */
  reset(): void {
    for (const { timer } of this.#queues.values()) clearTimeout(timer);
    this.#queues.clear();
  }

  #sample(queue: string, { until, age }: { until: number; age: number }): void {
    const { sample, publish } = this.#options;
    const begun = Date.now();
    const latest = sample(queue);
    const looked: Looked<Sample> = { until, latest, age };
    this.#queues.set(queue, looked);
    const end = (found?: Sample) => {
      // A refresh may have begun meanwhile.
      if (this.#queues.get(queue) !== looked) return;
      publish(queue, found);
      const pause = this.#pause(Date.now() - begun, age);
      looked.timer = setTimeout(() => this.#next(queue, looked), pause).unref();
    };
    latest.then(end, () => end());
  }

  /** Returns the milliseconds until the next sample. */
  #pause(duration: number, age: number): number {
    const pause = Math.min(Math.max(this.#options.interval, duration * SHARE), LONGEST_INTERVAL);
    const quick = QUICK_PAUSES[age];
    return quick === undefined ? pause : Math.min(Math.max(quick, duration * QUICK_SHARE), pause);
  }

  #next(queue: string, { until, age }: Looked<Sample>): void {
    if (Date.now() < until) this.#sample(queue, { until, age: age + 1 });
    else this.#queues.delete(queue);
  }
}
