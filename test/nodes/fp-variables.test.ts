import assert from 'node:assert/strict';
import { sharedNodeRed } from '../helpers/node-red.ts';
import { unique } from '../helpers/unique.ts';

describe('the endpoint for environment variables', () => {
  const ask = async (names: string[]) => {
    const { url } = await sharedNodeRed();
    const answer = await fetch(`${url}/fp/variables?names=${encodeURIComponent(names.join(','))}`);
    return { status: answer.status, body: await answer.json() };
  };

  it('names those that are not set, and gives no value', async () => {
    const [set, unset] = [unique('SET'), unique('UNSET')];
    process.env[set] = 'secret';
    assert.deepEqual((await ask([set, unset])).body, { unset: [unset] });
  });

  it('takes an empty variable for set, as Node-RED does', async () => {
    const empty = unique('EMPTY');
    process.env[empty] = '';
    assert.deepEqual((await ask([empty])).body, { unset: [] });
  });

  it('refuses more than 100 names, and names of more than 200 characters', async () => {
    for (const names of [Array.from({ length: 101 }, () => 'A'), ['A'.repeat(201)]]) {
      const { status, body } = await ask(names);
      assert.equal(status, 400);
      assert.deepEqual(body, { error: 'names must be at most 100 names of at most 200 characters' });
    }
    assert.equal((await ask(Array.from({ length: 100 }, () => 'A'))).status, 200);
  });
});
