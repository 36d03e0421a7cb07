import { openProducer, openStore, settledWithin } from '../../src/index.ts';
import { temporaryDirectory } from '../../test/helpers/servers.ts';
import { now } from '../latencies.ts';
import { alternate, type Row } from '../measured.ts';

const ALONE = 500;
const BURST = 5000;
const ROUNDS = 3;

/** Jobs added together share a disk write of the embedded store. */
export const burst: Row = {
  name: 'burst',
  async run() {
    const store = openStore({ store: 'embedded', directory: temporaryDirectory('embedded') });
    const producer = openProducer(store, { queue_name: 'burst' });
    const add = (seq: number) => producer.add({ name: 'job', msg: { topic: 'a', payload: { seq } } });
    try {
      if (!(await settledWithin(30_000, add(0)))) throw new Error('the store does not answer');
      const [together, alone] = await alternate(
        ROUNDS,
        () => rate(BURST, () => Promise.all(Array.from({ length: BURST }, (_, seq) => add(seq)))),
        () => rate(ALONE, () => oneByOne(add)),
      );
      const detail = `${together.toFixed(0)} and ${alone.toFixed(0)} jobs/s`;
      const what = 'rate of jobs added in a burst (embedded)';
      return [{ what, against: 'added one by one', value: together / alone, atLeast: 10, detail }];
    } finally {
      await producer.close();
      await store.close();
    }
  },
};

async function oneByOne(add: (seq: number) => Promise<unknown>): Promise<void> {
  for (let seq = 0; seq < ALONE; seq++) await add(seq);
}

async function rate(count: number, work: () => Promise<unknown>): Promise<number> {
  const begin = now();
  await work();
  return (count * 1000) / (now() - begin);
}
