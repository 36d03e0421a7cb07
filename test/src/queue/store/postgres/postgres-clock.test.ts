import assert from 'node:assert/strict';
import { checkClock } from '../../../../../src/queue/store/postgres/postgres-store.ts';

describe('the clock of a machine that uses PostgreSQL', () => {
  const { now } = Date;
  afterEach(() => {
    Date.now = now;
  });

  /** Returns the warnings if this machine is `ahead` seconds ahead, and the answer takes `answerTakes` seconds. */
  async function warnings(ahead: number, answerTakes = 0): Promise<string[]> {
    const told: string[] = [];
    let time = now();
    Date.now = () => time;
    const query = async () => {
      const rows = [{ seconds: `${time / 1000 - ahead}` }];
      time += answerTakes * 1000;
      return { rows, rowCount: 1 } as never;
    };
    await checkClock({ query }, (text) => told.push(text));
    return told;
  }

  it('may differ by a few seconds', async () => {
    assert.deepEqual(await warnings(3), []);
    assert.deepEqual(await warnings(-3), []);
  });

  it('causes a warning if it is ahead or behind', async () => {
    assert.match(
      (await warnings(30)).join(),
      /^the clock of this machine is 30 s ahead of that of PostgreSQL: synchronize both with NTP/,
    );
    assert.match((await warnings(-30)).join(), /30 s behind that of PostgreSQL/);
  });

  it('is not ahead because the answer comes late', async () => {
    assert.deepEqual(await warnings(0, 20), []);
    assert.match((await warnings(30, 20)).join(), /30 s ahead/);
    assert.match((await warnings(-30, 20)).join(), /behind/);
  });
});
