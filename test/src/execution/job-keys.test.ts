import assert from 'node:assert/strict';
import { JobKeys } from '../../../src/execution/job-keys.ts';

describe('the keys of the jobs of a QoS 2 message', () => {
  it('are the same when the broker sends it again', () => {
    const keysOf = (dup: boolean) => {
      const keys = new JobKeys('client:7:digest', 'subscriber', dup);
      return [keys.next('one'), keys.next('one'), keys.next('other')];
    };
    assert.deepEqual(keysOf(false), keysOf(true));
    assert.equal(new Set(keysOf(false)).size, 3);
  });

  it('are others for each subscriber that gets it', () => {
    const key = (subscriber: string) => new JobKeys('client:7:digest', subscriber, false).next('enqueuer');
    assert.notEqual(key('alarm'), key('archive'));
  });

  it('are forgotten once, when the broker will not send it again', async () => {
    const keys = new JobKeys('client:7:digest', 'subscriber', false);
    let forgotten = 0;
    keys.stored(async () => void forgotten++);
    keys.stored(async () => void forgotten++);
    await keys.released();
    await keys.released();
    assert.equal(forgotten, 2);
  });
});
