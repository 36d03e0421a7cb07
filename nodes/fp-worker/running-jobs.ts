import type { Node, NodeMessage } from 'node-red';
import { BlockedError, type Attempt, type Delivery, type TakenJob, type Tracing } from '../../src/index.ts';
import { RunningDeliveries, type Stuck } from '../running-deliveries.ts';
import type { Settlement } from '../settlement/settlement.ts';
import { withTrace } from '../with-trace.ts';

/** The output by which jobs leave. */
export const JOB = 0;
/** Milliseconds that a job stays whose flow cannot take it: a worker gives back no more than it runs in that time. */
const BLOCKED_STAY = 1000;
/** Milliseconds that the status tells of it: a job comes again after ten seconds at the latest. */
const BLOCKED_SHOWN = 15_000;

interface RunningJobsOptions {
  node: Node;
  settlement: Settlement;
  leaveCaughtErrors: boolean;
  tracing: Tracing | undefined;
  /** Milliseconds that a job may take; 0 for no limit. */
  timeout: number;
  /** What the status shows has changed. */
  onChange: () => void;
}

/** The jobs that a worker has put into its flow, and that have not ended. */
export class RunningJobs {
  readonly #options: RunningJobsOptions;
  readonly #running = new RunningDeliveries();
  readonly #deliveries = new Map<string, Delivery>();
  #blocked: { error: BlockedError; at: number } | undefined;

  constructor(options: RunningJobsOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#running.count;
  }

  /** Who holds a job. */
  holders({ id }: TakenJob): string[] {
    return this.#deliveries.get(id)?.holders() ?? [];
  }

  /** Who holds the jobs that have not ended. */
  allHolders(): string[] {
    return this.#running.holders();
  }

  /** The jobs that run for long. */
  stuck(): Stuck | undefined {
    return this.#running.stuck();
  }

  /** Why jobs were given back lately. */
  blocked(): string | undefined {
    if (this.#blocked && Date.now() - this.#blocked.at > BLOCKED_SHOWN) this.#blocked = undefined;
    return this.#blocked?.error.message;
  }

  /** A deploy may have corrected the flow. */
  restarted(): void {
    this.#blocked = undefined;
  }

  /** Resolves to the job's result when its flow has finished with it; rejects with the flow's error. */
  async run(job: TakenJob, attempt: Attempt): Promise<unknown> {
    const { node, settlement, leaveCaughtErrors, tracing, onChange } = this.#options;
    // A deploy takes nodes away before it tells of that.
    const unconnected = settlement.whyUnconnected(JOB);
    if (unconnected !== undefined) throw new BlockedError(unconnected);
    const send = (msg: NodeMessage) => node.send([msg, null, null]);
    const onBlocked = (error: BlockedError) => this.#giveBack(attempt, error);
    const trace = tracing?.current();
    const options = { leaveCaughtErrors, context: { attempt, trace }, onBlocked };
    const delivery = settlement.deliver(withTrace(jobMessage(job), trace), send, options);
    const { signal } = attempt;
    signal.addEventListener('abort', () => delivery.abandon(signal.reason as Error), { once: true });
    this.#deliveries.set(job.id, delivery);
    onChange();
    try {
      await this.#running.track(delivery, 0);
      return attempt.result;
    } catch (error) {
      const { id, type, name } = delivery.failure?.origin ?? {};
      if (id !== undefined && type !== undefined) attempt.failedNode = { id, type, name };
      throw error;
    } finally {
      this.#deliveries.delete(job.id);
      onChange();
    }
  }

  /** Another worker may be able to run it. */
  #giveBack(attempt: Attempt, error: BlockedError): void {
    const { node, timeout, onChange } = this.#options;
    if (this.#blocked?.error.message !== error.message) node.warn(`jobs are given back: ${error.message}`);
    this.#blocked = { error, at: Date.now() };
    onChange();
    const stay = timeout > 0 ? Math.min(BLOCKED_STAY, timeout / 2) : BLOCKED_STAY;
    const timer = setTimeout(() => attempt.end(error), stay);
    attempt.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  }
}

/** The stored message, and what job it belongs to. */
export function jobMessage({ msg, ...job }: TakenJob & { result?: unknown }): NodeMessage {
  return { ...msg, pipeline: job.name, job };
}
