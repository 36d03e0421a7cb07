import assert from 'node:assert/strict';
import type { MinuteCounts } from '../../../../src/queue/history/minute-counts.ts';
import { MinuteLog } from '../../../../src/queue/history/minute-log.ts';

describe('the log of a minute', () => {
  it('writes nothing if nothing happened, and each count once', async () => {
    const written: MinuteCounts[] = [];
    const log = new MinuteLog(async (counts) => void written.push(counts));
    await log.flush();
    assert.equal(written.length, 0);
    log.onStored(1, false);
    await log.flush();
    log.onFailed(5, true);
    await log.flush();
    await log.flush();
    assert.equal(
      written.reduce((sum, { enqueued }) => sum + enqueued, 0),
      1,
    );
    assert.equal(
      written.reduce((sum, { failed }) => sum + failed, 0),
      1,
    );
    log.close();
  });

  it('loses the counts of a failed write, and goes on', async () => {
    const written: number[] = [];
    let isBroken = true;
    const log = new MinuteLog(async ({ enqueued }) => {
      if (isBroken) throw new Error('no store');
      written.push(enqueued);
    });
    log.onStored(1, false);
    await log.flush();
    isBroken = false;
    log.onStored(1, false);
    await log.flush();
    assert.deepEqual(written, [1]);
    log.close();
  });

  it('counts what happens while it writes with the next write', async () => {
    const written: number[] = [];
    let end: () => void = () => undefined;
    const log = new MinuteLog(async ({ completed }) => {
      written.push(completed);
      await new Promise<void>((resolve) => (end = resolve));
    });
    log.onCompleted(5);
    const first = log.flush();
    await Promise.resolve();
    log.onCompleted(5);
    log.onCompleted(5);
    end();
    await first;
    const second = log.flush();
    await new Promise(setImmediate);
    end();
    await second;
    assert.deepEqual(written, [1, 2]);
    log.close();
  });
});
