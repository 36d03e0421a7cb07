/** A gateway with a schedule and a worker: sends the time of each job that it runs. */
import { resolveQueueOptions } from '../../../src/queue/options.ts';
import type { Schedule } from '../../../src/queue/schedule/schedule.ts';
import { openSchedules } from '../../../src/queue/schedule/schedules.ts';
import type { StoreOptions } from '../../../src/queue/store/store-options.ts';
import { openStore } from '../../../src/queue/store/store.ts';
import { openWorker } from '../../../src/queue/worker.ts';

const [address, queue_name, schedule] = JSON.parse(process.argv[2] ?? '[]') as [
  StoreOptions,
  string,
  Schedule,
];
const store = openStore(address);
const queue = resolveQueueOptions({ queue_name });
openWorker(store, {
  queue,
  run: async () => undefined,
  onCompleted: ({ msg }) => process.send?.(msg['executionTimestamp']),
});
void openSchedules(store, queue).put(schedule, new AbortController().signal);
