import assert from 'node:assert/strict';
import { InterruptedError, PostponedError } from '../../../src/base/errors.ts';
import type { Message } from '../../../src/base/model.ts';
import { executionMode, MessageRunner } from '../../../src/engine/message-runner.ts';
import { BrokerCounts } from '../../../src/stats/broker-counts.ts';

describe('a message runner', () => {
  const description = { topic: 'a', pipeline: 'p', qos: 1, execution_mode: 'async' } as const;
  const message: Message = { topic: 'a', payload: Buffer.from('1'), qos: 1, retain: false, dup: false };

  it('counts a message once, though it waits and is delivered again', async () => {
    const counts = new BrokerCounts();
    let isAway = true;
    const runner = new MessageRunner({
      ...description,
      id: 'id',
      counter: counts.open(description),
      decoder: { decode: async (payload) => ({ payload }), close: () => undefined },
      run: async () => {
        if (isAway) throw new PostponedError(1000, 'the store is away');
      },
      onPostponed: () => undefined,
      onError: assert.ifError,
    });
    await assert.rejects(runner.receive(message), InterruptedError);
    await assert.rejects(runner.receive({ ...message, dup: true, isRepeat: true }), InterruptedError);
    isAway = false;
    await runner.receive({ ...message, dup: true, isRepeat: true });
    const { message_count, pipeline_count, error_count } = counts.snapshot();
    assert.deepEqual(
      { message_count, pipeline_count, error_count },
      { message_count: 1, pipeline_count: 1, error_count: 0 },
    );
  });
});

describe('execution mode', () => {
  it('sync and async hold for every QoS', () => {
    for (const qos of [0, 1, 2] as const) {
      assert.equal(executionMode('sync', qos), 'sync');
      assert.equal(executionMode('async', qos), 'async');
    }
  });

  it('mixed runs QoS 2 as sync, QoS 0 and 1 as async', () => {
    const modes = ([0, 1, 2] as const).map((qos) => executionMode('mixed', qos));
    assert.deepEqual(modes, ['async', 'async', 'sync']);
  });
});
