import assert from 'node:assert/strict';
import { sharedNodeRed } from '../../helpers/node-red.ts';
import type { Read } from '../../../nodes/fp-yaml/answers.ts';

describe('a file that makes no subscription', () => {
  for (const text of ['mqtt:\n  broker: "h"\n', 'subscriptions: []\n']) {
    it(`cannot be imported, and the answer says what is missing: ${JSON.stringify(text)}`, async () => {
      const { url } = await sharedNodeRed();
      const answer = await fetch(new URL('/fp/yaml/read', url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ text }),
      });
      const { problems, made } = (await answer.json()) as Read;
      assert.equal(made, undefined);
      assert.match(JSON.stringify(problems), /"error".*entries under subscriptions:/);
    });
  }
});
