import { setTimeout as sleep } from 'node:timers/promises';
import { openInspector, openProducer, openStore, type Inspector, type Store } from '../../src/index.ts';
import { mostCounted } from '../../nodes/fp-jobs/look.ts';
import { Sampler } from '../../nodes/fp-jobs/sampler.ts';
import { unique } from '../../test/helpers/unique.ts';
import { fillQueue } from '../fill-queue.ts';
import { now } from '../latencies.ts';
import { alternate, median, type Measured, type Row } from '../measured.ts';
import { startStore, type BenchStore } from '../stores.ts';

const DEAD = 100_000;
/** Waiting jobs; on Redis and PostgreSQL with --long. */
const WAITING = 100_000;
const WAITING_LONG = 1_000_000;
const ROUNDS = 3;
/** Dead letters that are retried at once. */
const RETRIED = 4000;
/** One measurement of enqueueing: milliseconds, and jobs that are added at once. */
const ENQUEUEING = 6000;
const SLICE = 5000;
/** Measurements of enqueueing with and without a viewer: with three, chance is larger than what a viewer costs. */
const VIEWED = 8;
/** Milliseconds between two looks of an editor. */
const LOOK = 2000;

/** How long each view of a large queue takes, and whether enqueueing beside a viewer is slower. */
export function views(kind: BenchStore): Row {
  return {
    name: `views-${kind}`,
    async run({ isLong }) {
      const waiting = isLong && kind !== 'embedded' ? WAITING_LONG : WAITING;
      const { address, stop } = await startStore(kind);
      const store = openStore(address, { countsFor: 0 });
      try {
        const queue = unique('views');
        await store.queue(queue);
        await fillQueue(address, { queue, waiting, dead: DEAD });
        const inspector = openInspector(store, queue);
        const what = `with ${waiting} waiting and ${DEAD} dead (${kind})`;
        const slowest = await slowestView(inspector, what, kind);
        const beside = await besideViewer(store, queue, inspector);
        return [
          slowest,
          { ...beside, what: `enqueueing beside a viewer ${what}` },
          await longestStep(inspector, kind),
        ];
      } finally {
        await store.close();
        await stop();
      }
    },
  };
}

async function slowestView(inspector: Inspector, what: string, kind: BenchStore): Promise<Measured> {
  const [some] = (await inspector.list({ state: 'dead', limit: 1 })).rows;
  const since = new Date(Date.now() - 7 * 86_400_000);
  const all: Record<string, () => Promise<unknown>> = {
    state: () => inspector.state({ mostCounted: mostCounted(kind) }),
    workers: () => inspector.workers(),
    waiting: () => inspector.list({ state: 'waiting' }),
    'oldest waiting': () => inspector.list({ state: 'waiting', order: 'oldest' }),
    dead: () => inspector.list({ state: 'dead' }),
    job: () => inspector.show(some?.id ?? ''),
    groups: () => inspector.groups(),
    group: () => inspector.list({ state: 'dead', group: 'shop # does not answer, kind c' }),
    'search for nothing': () => inspector.list({ state: 'waiting', search: 'nowhere' }),
    'search the dead': () => inspector.list({ state: 'dead', search: 'nowhere' }),
    hour: () => inspector.history(),
    week: () => inspector.history({ since, minutesPerRow: 60 }),
  };
  const times: [string, number][] = [];
  for (const [name, view] of Object.entries(all)) times.push([name, await time(view)]);
  const sorted = times.toSorted(([, a], [, b]) => b - a);
  const detail = sorted.map(([name, ms]) => `${name} ${ms.toFixed()}`).join(', ');
  return {
    what: `slowest view ${what}`,
    against: 'nothing',
    value: sorted[0]?.[1] ?? NaN,
    unit: 'ms',
    atMost: 300,
    detail: `ms: ${detail}`,
  };
}

async function time(view: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const begin = now();
    await view();
    times.push(now() - begin);
  }
  return median(times);
}

async function besideViewer(
  store: Store,
  queue: string,
  inspector: Inspector,
): Promise<Omit<Measured, 'what'>> {
  const producer = openProducer(store, { queue_name: queue });
  const enqueue = async () => {
    const begin = now();
    const add = (n: number) => producer.add({ name: 'job', msg: { topic: 'a', payload: n } });
    let jobs = 0;
    while (now() - begin < ENQUEUEING) {
      await Promise.all(Array.from({ length: SLICE }, (_, n) => add(n)));
      jobs += SLICE;
    }
    return jobs / (now() - begin);
  };
  const withViewer = async () => {
    const viewing = new AbortController();
    const viewer = look(inspector, mostCounted(store.kind), viewing.signal);
    const rate = await enqueue();
    viewing.abort();
    await viewer;
    return rate;
  };
  await enqueue();
  const [beside, alone] = await alternate(VIEWED, withViewer, enqueue);
  await producer.close();
  const detail = `${(beside * 1000).toFixed()} and ${(alone * 1000).toFixed()}/s`;
  return { against: 'without a viewer', value: beside / alone, atLeast: 0.98, detail };
}

/** What the sidebar asks for while somebody looks: samples, and after each of them the list again. */
async function look(inspector: Inspector, most: number, signal: AbortSignal): Promise<void> {
  let listed: Promise<unknown> = Promise.resolve();
  const sampler = new Sampler({
    sample: () => Promise.all([inspector.state({ mostCounted: most }), inspector.workers()]),
    publish: () => {
      listed = inspector.list({ state: 'dead' });
    },
  });
  while (!signal.aborted) {
    await sampler.look('queue');
    await sleep(LOOK, undefined, { signal }).catch(() => undefined);
  }
  sampler.reset();
  await listed;
}

async function longestStep(inspector: Inspector, kind: BenchStore): Promise<Measured> {
  const controller = new AbortController();
  const steps: number[] = [];
  let begin = now();
  const onProgress = (changed: number) => {
    steps.push(now() - begin);
    if (changed >= RETRIED) controller.abort();
    begin = now();
  };
  await inspector.retryAll({ signal: controller.signal, onProgress });
  const value = median(steps);
  const detail = `at most ${Math.max(...steps).toFixed()} ms of ${steps.length} steps`;
  return {
    what: `a step of retrying all (${kind})`,
    against: 'nothing',
    value,
    unit: 'ms',
    atMost: 50,
    detail,
  };
}
