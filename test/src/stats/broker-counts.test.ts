import assert from 'node:assert/strict';
import { BrokerCounts } from '../../../src/stats/broker-counts.ts';

const description = { topic: 'a/#', pipeline: 'p', qos: 1, execution_mode: 'async' } as const;

describe('broker counts', () => {
  it('counts messages, runs and errors in total and per subscription', () => {
    const counts = new BrokerCounts();
    const first = counts.open(description);
    const second = counts.open({ ...description, topic: 'b' });
    first.arrived();
    first.ran();
    first.arrived();
    first.failed();
    second.arrived();
    const statistics = counts.snapshot();
    assert.equal(statistics.message_count, 3);
    assert.equal(statistics.pipeline_count, 1);
    assert.equal(statistics.error_count, 1);
    assert.equal(statistics.subscriptions_count, 2);
    const [a, b] = statistics.subscriptions;
    assert.deepEqual(
      { ...a, last_message_time: '' },
      {
        ...description,
        message_count: 2,
        last_message_time: '',
        error_count: 1,
      },
    );
    assert.equal(b?.message_count, 1);
  });

  it('the last time of a subscription without messages is null', () => {
    const counts = new BrokerCounts();
    counts.open(description);
    assert.equal(counts.snapshot().subscriptions[0]?.last_message_time, null);
  });

  it('counts the dropped messages of open and closed subscriptions', () => {
    const counts = new BrokerCounts();
    const closed = counts.open(description);
    closed.countDrops(() => 2);
    closed.close();
    const open = counts.open(description);
    open.countDrops(() => 3);
    assert.equal(open.dropped, 3);
    assert.equal(counts.snapshot().dropped_count, 5);
  });

  it('keeps the totals of a closed subscription', () => {
    const counts = new BrokerCounts();
    const closed = counts.open(description);
    closed.arrived();
    closed.close();
    const statistics = counts.snapshot();
    assert.equal(statistics.message_count, 1);
    assert.equal(statistics.subscriptions_count, 0);
  });
});
