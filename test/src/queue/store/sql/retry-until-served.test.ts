import assert from 'node:assert/strict';
import type { Connection } from '../../../../../src/base/model.ts';
import { reconnectProbe } from '../../../../../src/queue/store/sql/retry-until-served.ts';

describe('the reconnect probe', () => {
  function open() {
    const reported: Connection[] = [];
    const answers: (() => void)[] = [];
    const closing = new AbortController();
    const context = {
      report: (connection: Connection) => reported.push(connection),
      closing: closing.signal,
    };
    const probe = reconnectProbe(context, () => new Promise<void>((resolve) => answers.push(resolve)));
    return { probe, reported, answers, closing };
  }

  it('sends one query for connections that break together', async () => {
    const { probe, reported, answers } = open();
    probe(new Error('one'));
    assert.deepEqual([reported.length, answers.length], [1, 1]);
  });

  it('sends another query if a connection breaks before the answer', async () => {
    const { probe, reported, answers } = open();
    probe(new Error('first'));
    answers[0]?.();
    probe(new Error('second'));
    await new Promise(setImmediate);
    assert.equal(answers.length, 2);
    assert.deepEqual(reported.at(-1), { state: 'waiting', reason: 'second' });
  });

  it('stops when the store closes', async () => {
    const { probe, answers, closing } = open();
    closing.abort();
    probe(new Error('late'));
    assert.equal(answers.length, 0);
  });
});
