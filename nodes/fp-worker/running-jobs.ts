import type { Node, NodeMessage } from 'node-red';
import type { Attempt, Delivery, TakenJob } from '../../src/index.ts';
import type { Settlement } from '../settlement/settlement.ts';

interface RunningJobsOptions {
  node: Node;
  settlement: Settlement;
  leaveCaughtErrors: boolean;
  /** The number of running jobs has changed. */
  onChange: () => void;
}

/** The jobs that a worker has put into its flow, and that have not ended. */
export class RunningJobs {
  readonly #options: RunningJobsOptions;
  readonly #deliveries = new Map<string, Delivery>();

  constructor(options: RunningJobsOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#deliveries.size;
  }

  /** Who holds a job. */
  holders({ id }: TakenJob): string[] {
    return this.#deliveries.get(id)?.holders() ?? [];
  }

  /** Resolves to the job's result when its flow has finished with it; rejects with the flow's error. */
  async run(job: TakenJob, attempt: Attempt): Promise<unknown> {
    const { node, settlement, leaveCaughtErrors, onChange } = this.#options;
    const send = (msg: NodeMessage) => node.send([msg, null, null]);
    const delivery = settlement.deliver(jobMessage(job), send, { leaveCaughtErrors, context: attempt });
    const { signal } = attempt;
    signal.addEventListener('abort', () => delivery.abandon(signal.reason as Error), { once: true });
    this.#deliveries.set(job.id, delivery);
    onChange();
    try {
      await delivery.settled;
      return attempt.result;
    } finally {
      this.#deliveries.delete(job.id);
      onChange();
    }
  }
}

/** The stored message, and what job it belongs to. */
export function jobMessage({ msg, ...job }: TakenJob & { result?: unknown }): NodeMessage {
  return { ...msg, pipeline: job.name, job };
}
