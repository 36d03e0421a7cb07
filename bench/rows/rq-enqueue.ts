import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openRqProducer, openRqStore, settledWithin } from '../../src/index.ts';
import { flowerpowerPython } from '../../test/helpers/python.ts';
import { unique } from '../../test/helpers/unique.ts';
import { now } from '../latencies.ts';
import { alternate, type Row } from '../measured.ts';
import { sharedServers } from '../servers.ts';

const scripts = join(__dirname, '../../../bench/python');
const OURS = 5000;
const THEIRS = 1000;
const ROUNDS = 3;

/** Jobs for Python's RQ workers, added as messages bring them, against RQ's own `Queue.enqueue`. */
export const rqEnqueue: Row = {
  name: 'rq',
  async run() {
    const python = flowerpowerPython;
    if (python === undefined) throw new Error('it needs RQ, see docs/development.md');
    const { redis } = await sharedServers();
    const redis_url = `redis://127.0.0.1:${redis.port}`;
    const store = openRqStore({ store: 'rq', redis_url });
    const producer = openRqProducer(store, { queue_name: unique('rq'), base_dir: '/srv/plant' });
    const payload = (seq: number) => ({ seq, sensor: 'sensor-1', temperature: 61.5 });
    const add = (seq: number) =>
      producer.add({ name: 'pipeline', msg: { payload: payload(seq), topic: 'a/b', qos: 1 } });
    const theirs = async () => {
      const args = ['rq_enqueue.py', `${THEIRS}`, redis_url, unique('rq')];
      const { stdout } = await promisify(execFile)(python, args, { cwd: scripts });
      return Number(stdout.trim().split('\n').at(-1));
    };
    try {
      if (!(await settledWithin(30_000, add(0)))) throw new Error('Redis does not answer');
      const [us, them] = await alternate(ROUNDS, () => rate(add), theirs);
      const detail = `${us.toFixed(0)} and ${them.toFixed(0)} jobs/s`;
      const what = 'rate of jobs added for Python workers (Redis)';
      return [{ what, against: "Python's Queue.enqueue", value: us / them, atLeast: 3, detail }];
    } finally {
      await producer.close();
      await store.close();
    }
  },
};

async function rate(add: (seq: number) => Promise<unknown>): Promise<number> {
  const begin = now();
  await Promise.all(Array.from({ length: OURS }, (_, seq) => add(seq)));
  return (OURS * 1000) / (now() - begin);
}
