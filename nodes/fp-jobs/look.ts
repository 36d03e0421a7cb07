/** Samples of the queues that editors look at. */
import type { NodeAPI } from 'node-red';
import type { QueueKind } from '../../src/base/model.ts';
import { refusalsOf, type WorkerInfo } from '../../src/index.ts';
import type { QueueConfig } from '../fp-queue-config/fp-queue-config.ts';
import type { LookView, QueueEntry, QueueNumbers, QueueView, WorkerView } from './answers.ts';
import type { BulkRuns } from './bulk-runs.ts';
import { KeptRates } from './kept-rates.ts';
import { entryOf, queueNode, queueNodes } from './queues.ts';
import { Sampler } from './sampler.ts';

interface Sample {
  numbers: QueueNumbers;
  workers: WorkerInfo[];
}

const MOST_QUEUES = 50;
const MOST_WORKERS = 100;

/**
 * Returns how many jobs of each state a sample counts, where the store does not know their number. An embedded one does
 * nothing else meanwhile.
 */
export function mostCounted(store: QueueKind): number {
  return store === 'embedded' ? 10_000 : 100_000;
}

export interface Looks {
  /** Answers an editor that looks at these queues, and pushes their samples for some seconds. */
  look: (queues: unknown) => Promise<LookView>;
  /** Samples a queue again. */
  refresh: (queue: string) => void;
  /** A deploy has replaced the queues. */
  reset: () => void;
}

export function openLooks(RED: NodeAPI, bulk: BulkRuns): Looks {
  const rates = new Map<string, KeptRates>();
  const ratesOf = (id: string): KeptRates => {
    const kept = rates.get(id) ?? new KeptRates();
    rates.set(id, kept);
    return kept;
  };
  const sampler = new Sampler<Sample>({
    sample: async (id) => {
      const { shared } = queueNode(RED, id);
      const { history: reason } = refusalsOf(shared.properties.store);
      return readSample(shared, {
        rates: reason === undefined ? ratesOf(id) : undefined,
        bulk: bulk.changed(id),
      });
    },
    publish: (id, sample) => RED.comms.publish(`fp-jobs/${id}`, sample?.numbers ?? null, false),
  });
  return {
    async look(queues) {
      const nodes = queueNodes(RED);
      const wanted = Array.isArray(queues) ? queues.slice(0, MOST_QUEUES) : [];
      const looked = nodes.filter(({ id }) => wanted.includes(id));
      const views = await Promise.all(looked.map(async ({ id }) => [id, await viewOf(sampler.look(id))]));
      return {
        queues: nodes.map(entryOf).toSorted(byLabel),
        views: Object.fromEntries(views) as LookView['views'],
      };
    },
    refresh: (queue) => sampler.refresh(queue),
    reset: () => {
      rates.clear();
      sampler.reset();
    },
  };
}

function byLabel({ label: a }: QueueEntry, { label: b }: QueueEntry): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

async function viewOf(sample: Promise<Sample>): Promise<QueueView> {
  try {
    const { numbers, workers } = await sample;
    return { numbers, workers: workers.slice(0, MOST_WORKERS).map(workerView) };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

function workerView({ running, since, heartbeat, ...worker }: WorkerInfo): WorkerView {
  return {
    ...worker,
    running: running.length,
    ...(since && { since: since.toISOString() }),
    ...(heartbeat && { heartbeat: heartbeat.toISOString() }),
  };
}

interface Known {
  /** Undefined if the queue keeps no history. */
  rates: KeptRates | undefined;
  /** Jobs that the bulk action under way has changed. */
  bulk: number | undefined;
}

function readSample({ look, properties }: QueueConfig, { rates: kept, bulk }: Known): Promise<Sample> {
  return look(async (queue) => {
    const [{ counts, countedTo, isPaused, oldestWaiting }, workers, rates] = await Promise.all([
      queue.state({ mostCounted: mostCounted(properties.store) }),
      queue.workers(),
      kept?.read(queue),
    ]);
    const numbers: QueueNumbers = {
      counts,
      countedTo,
      isPaused,
      oldestWaiting,
      workers: workers.filter(({ state }) => state !== 'lost').length,
      ...(rates && { rates }),
      ...(bulk !== undefined && { bulk }),
    };
    return { numbers, workers };
  });
}
