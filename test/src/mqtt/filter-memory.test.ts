import assert from 'node:assert/strict';
import type { FilterMemory } from '../../../src/index.ts';
import { closing } from '../../helpers/closing.ts';
import { areAnswered, manualSubscriber } from '../../helpers/manual-subscriber.ts';
import { publish, type ScriptedOptions } from '../../helpers/scripted-broker.ts';
import { openScripted } from '../../helpers/scripted-session.ts';
import { until } from '../../helpers/until.ts';

/** A memory with the filters of an earlier process. */
function memoryOf(...filters: string[]): FilterMemory & { filters: string[]; writes: number } {
  return {
    filters,
    writes: 0,
    read() {
      return this.filters;
    },
    write(written) {
      this.filters = written;
      this.writes += 1;
    },
  };
}

describe('the filters of a session', () => {
  const later = closing();

  async function opened(memory: FilterMemory, sessionPresent: boolean, more: Partial<ScriptedOptions> = {}) {
    const script = { connack: () => ({ sessionPresent }), ...more };
    const session = await openScripted(script, { clean_session: false }, { memory });
    later(session.close);
    return session;
  }

  it('of an earlier process that are no longer wanted are unsubscribed', async () => {
    const memory = memoryOf('old/#', 'a');
    const { broker, subscribed, unsubscribed } = await opened(memory, true);
    broker.subscribe(manualSubscriber());
    broker.connect();
    await until('unsubscribed', () => unsubscribed().length === 1);
    assert.deepEqual([subscribed(), unsubscribed()], [['a 2'], ['old/#']]);
    await until('forgotten', () => memory.filters.length === 1);
    assert.deepEqual(memory.filters, ['a']);
  });

  it('are forgotten with the session', async () => {
    const memory = memoryOf('old');
    const { broker, unsubscribed } = await opened(memory, false);
    const subscriber = manualSubscriber();
    broker.subscribe(subscriber);
    broker.connect();
    await until('answered', areAnswered(subscriber));
    assert.deepEqual([unsubscribed(), memory.filters], [[], ['a']]);
  });

  it('are remembered before the broker answers; simultaneous changes are written together', async () => {
    const memory = memoryOf();
    const { server, broker } = await opened(memory, true, { ignores: () => 'subscribe' });
    for (const filter of ['a', 'b', 'c']) broker.subscribe(manualSubscriber({ filter }));
    broker.connect();
    await server.got('subscribe', 3);
    assert.deepEqual([memory.filters, memory.writes], [['a', 'b', 'c'], 1]);
  });

  it('are remembered until the broker confirms UNSUBSCRIBE', async () => {
    const memory = memoryOf('old');
    const { server, broker } = await opened(memory, true, { ignores: () => 'unsubscribe' });
    broker.connect();
    await server.got('unsubscribe');
    await broker.close();
    assert.deepEqual(memory.filters, ['old']);
  });

  it('are ignored if they are invalid', async () => {
    const { broker, unsubscribed } = await opened(memoryOf('', 'a/#/b', 'old'), true);
    broker.connect();
    await until('unsubscribed', () => unsubscribed().length === 1);
    assert.deepEqual(unsubscribed(), ['old']);
  });
});

describe('messages without a subscriber', () => {
  const later = closing();

  it('are reported once per connection, except those of a filter that is being unsubscribed', async () => {
    const told: string[] = [];
    const hooks = { memory: memoryOf('old'), onUnwanted: (topic: string) => told.push(topic) };
    const script = { connack: () => ({ sessionPresent: true }) };
    const { server, broker, close } = await openScripted(script, { clean_session: false }, hooks);
    later(close);
    broker.connect();
    for (const connection of [1, 2]) {
      await until('connected', () => broker.connection.state === 'connected');
      server.send(publish(1, { topic: 'old' }), publish(2), publish(3));
      await server.got('puback', 3 * connection);
      assert.deepEqual(told, Array(connection).fill('a'));
      server.cut();
      await until('away', () => broker.connection.state !== 'connected');
    }
    assert.equal(broker.counts.unwanted, 6);
  });
});
