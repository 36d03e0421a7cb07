import assert from 'node:assert/strict';
import { JobKeys } from '../../../src/engine/delivery-context.ts';

const forget = () => Promise.resolve();

describe('the keys of the jobs of a QoS 2 message', () => {
  it('are the same when the broker sends it again', () => {
    const keysOf = (dup: boolean) => {
      const keys = new JobKeys('client:7:digest', 'subscriber', dup);
      return [keys.next('one', forget), keys.next('one', forget), keys.next('other', forget)];
    };
    const names = (dup: boolean) => keysOf(dup).map(({ key }) => key);
    assert.deepEqual(names(false), names(true));
    assert.equal(new Set(names(false)).size, 3);
    assert.deepEqual(new Set(keysOf(true).map(({ dup }) => dup)), new Set([true]));
  });

  it('are others for each subscriber that gets it', () => {
    const key = (subscriber: string) =>
      new JobKeys('client:7:digest', subscriber, false).next('enqueuer', forget).key;
    assert.notEqual(key('alarm'), key('archive'));
  });

  it('are forgotten once, when the broker will not send it again', async () => {
    const keys = new JobKeys('client:7:digest', 'subscriber', false);
    const forgotten: string[] = [];
    const note = async (key: string) => void forgotten.push(key);
    const given = [keys.next('one', note), keys.next('other', note)];
    await keys.released();
    await keys.released();
    assert.deepEqual(
      forgotten,
      given.map(({ key }) => key),
    );
  });
});
