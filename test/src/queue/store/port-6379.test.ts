import assert from 'node:assert/strict';
import { createServer, Socket, type Server } from 'node:net';
import type { StoreOptions } from '../../../../src/queue/store/store-options.ts';
import { countJobs } from '../../../../src/queue/inspect/count-jobs.ts';
import { retryJob } from '../../../../src/queue/inspect/change-job.ts';
import { closeBenches, fail, job, openBench, quick } from '../../../helpers/queue-bench.ts';
import { describeStores } from '../../../helpers/stores.ts';
import { until } from '../../../helpers/until.ts';

/** BullMQ treats an unknown connection as options of Redis, which by default uses this port. */
const REDIS_PORT = 6379;

describeStores('the port of Redis', suite, ['embedded', 'postgres']);

function suite(address: () => Promise<StoreOptions>): void {
  const visitors: unknown[] = [];
  const connect = Reflect.get(Socket.prototype, 'connect') as () => Socket;
  let options: StoreOptions;
  let trap: Server | undefined;

  before(async function () {
    options = await address();
    trap = createServer((socket) => {
      visitors.push(socket.remoteAddress);
      socket.destroy();
    });
    await new Promise<void>((resolve) => {
      // If Redis already uses the port, only the spy checks the rule.
      trap?.once('error', () => resolve()).listen(REDIS_PORT, '127.0.0.1', resolve);
    });
    Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
      if (new RegExp(`\\b${REDIS_PORT}\\b`).test(JSON.stringify(args))) visitors.push(args);
      return Reflect.apply(connect, this, args);
    };
  });
  afterEach(closeBenches);
  after(() => {
    Socket.prototype.connect = connect;
    trap?.close();
  });

  it('is never connected to for another store', async () => {
    const bench = openBench(options, { queue: { max_retries: 0 }, timing: quick });
    const events = await bench.store.events(bench.queue.queue_name);
    await events.waitUntilReady();
    const worker = bench.work(fail);
    const { id } = await bench.producer.add(job(1, { once: { key: 'x', dup: false } }));
    await bench.producer.forget('x');
    await until('it is a dead letter', () => worker.dead.length === 1);
    await retryJob(bench.store, bench.queue.queue_name, id);
    await until('it is a dead letter again', () => worker.dead.length === 2);
    await countJobs(bench.store, bench.queue);
    await bench.close();
    assert.deepEqual(visitors, []);
  });
}
