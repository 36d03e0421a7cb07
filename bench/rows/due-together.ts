import { setTimeout as sleep } from 'node:timers/promises';
import { openProducer, openStore, openWorker, type Store } from '../../src/index.ts';
import { unique } from '../../test/helpers/unique.ts';
import { now } from '../latencies.ts';
import type { Measured, Row } from '../measured.ts';
import { startStore, type BenchStore } from '../stores.ts';

const FEW = 20_000;
const MANY = 40_000;
/** Fewer than a producer lets wait. */
const SLICE = 5000;
/** Milliseconds in which all are made waiting. */
const WATCHED = 15_000;

/** How long an add waits at most while delayed jobs that are due together are made waiting. */
export function dueTogether(kind: BenchStore): Row {
  return {
    name: `due-${kind}`,
    async run() {
      const { address, stop } = await startStore(kind);
      const store = openStore(address);
      try {
        const few = await longestAdd(store, FEW);
        const many = await longestAdd(store, MANY);
        return rows(kind, few, many);
      } finally {
        await store.close();
        await stop();
      }
    },
  };
}

function rows(kind: string, few: number, many: number): Measured[] {
  const detail = `${few.toFixed()} and ${many.toFixed()} ms`;
  const what = (count: number) => `longest add while ${count} delayed jobs are due (${kind})`;
  return [
    { what: what(FEW), against: 'nothing', value: few, unit: 'ms', atMost: 500, detail },
    { what: what(MANY), against: `with ${FEW}`, value: many / few, atMost: 2.2, detail },
  ];
}

async function longestAdd(store: Store, count: number): Promise<number> {
  const queue = { queue_name: unique('due') };
  const producer = openProducer(store, queue);
  const add = (delay: number) => producer.add({ name: 'job', msg: { topic: 'a', payload: delay }, delay });
  for (let added = 0; added < count; added += SLICE)
    await Promise.all(Array.from({ length: SLICE }, () => add(1)));
  const worker = openWorker(store, { queue, concurrency: 10, run: async () => undefined });
  let longest = 0;
  for (const end = now() + WATCHED; now() < end; await sleep(20)) {
    const begin = now();
    await add(3_600_000);
    longest = Math.max(longest, now() - begin);
  }
  await worker.stop(0);
  await producer.close();
  return longest;
}
