import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { JobEvent, JobEventKind } from '../../../../src/queue/events/job-event.ts';
import { openStoreEvents } from '../../../../src/queue/events/store-events.ts';
import type { Store } from '../../../../src/queue/store/store.ts';
import { closing } from '../../../helpers/closing.ts';
import { until } from '../../../helpers/until.ts';

const queue = 'orders';
const job = { id: '1', name: 'p', queue };

describe('events of a store that come late', () => {
  const later = closing();

  /** A source whose store sends events when the test does. */
  const open = () => {
    const ofStore = new EventEmitter();
    const told: [JobEventKind, number | undefined][] = [];
    const head = { ...job, attemptsMade: 1, error: 'no luck', addedAt: 0, data: {}, opts: {} };
    const store = {
      events: async () => ofStore,
      access: async () => ({ heads: async () => new Map([[job.id, head]]) }),
      closeEvents: async () => undefined,
      connection: () => ({ state: 'connected' }),
      warn: assert.fail,
    } as unknown as Store;
    const tell = ({ kind, attempt }: JobEvent) => told.push([kind, attempt]);
    const source = openStoreEvents(store, { queue, keepsEnds: true }, { wants: () => true, tell });
    later(() => source.close());
    const tellOwn = (kind: JobEventKind, attempt: number) =>
      source.tellOwn?.({ kind, queue, job, attempt, at: new Date() });
    return { ofStore, told, tellOwn };
  };

  it('do not hide the failed attempt of a dead letter that was retried before', () => {
    const { told, tellOwn } = open();
    const attempts: [JobEventKind, number][] = [
      ['failed', 1],
      ['dead', 2],
      ['failed', 1],
    ];
    for (const [kind, attempt] of attempts) tellOwn(kind, attempt);
    assert.deepEqual(told, attempts);
  });

  it('and an attempt of this process are told once, whichever is first', async () => {
    const { ofStore, told, tellOwn } = open();
    await until('the store is heard', () => ofStore.listenerCount('delayed') > 0);
    ofStore.emit('delayed', { jobId: job.id });
    await until('it is told', () => told.length > 0);
    tellOwn('failed', 1);
    assert.deepEqual(told, [['failed', 1]]);
    tellOwn('dead', 2);
    tellOwn('failed', 1);
    assert.deepEqual(told.slice(1), [
      ['dead', 2],
      ['failed', 1],
    ]);
  });
});
