import assert from 'node:assert/strict';
import { checkClock } from '../../../../../src/queue/store/postgres/postgres-store.ts';

describe('the clock of a machine that uses PostgreSQL', () => {
  async function warnings(ahead: number): Promise<string[]> {
    const told: string[] = [];
    const rows = [{ seconds: `${Date.now() / 1000 - ahead}` }];
    const query = () => Promise.resolve({ rows, rowCount: 1 } as never);
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
});
