import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sessionMemory } from '../../src/mqtt/session-memory.ts';
import { temporaryDirectory } from '../helpers/servers.ts';

describe('the file of sessions', () => {
  let file: string;
  let errors: string[];

  beforeEach(() => {
    file = join(temporaryDirectory('sessions'), 'sessions.json');
    errors = [];
  });

  const memory = (session: string) =>
    sessionMemory({ file, session, onError: (reason) => errors.push(reason) });

  it('keeps the filters of each session, and forgets one that has none', () => {
    memory('one').write(['a', 'b/#']);
    memory('two').write(['c']);
    assert.deepEqual([memory('one').read(), memory('two').read()], [['a', 'b/#'], ['c']]);
    memory('one').write([]);
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), { two: ['c'] });
    assert.deepEqual(readdirSync(dirname(file)), ['sessions.json'], 'nothing else is left');
  });

  for (const content of [undefined, '', '{"one', '[]', 'null', '7', '{"one": "a"}', '{"one": [1]}']) {
    it(`that ${content === undefined ? 'is missing' : `is ${content || 'empty'}`} has none, and is written anew`, () => {
      if (content !== undefined) writeFileSync(file, content);
      assert.deepEqual(memory('one').read(), []);
      memory('one').write(['a']);
      assert.deepEqual(memory('one').read(), ['a']);
    });
  }

  it('is bounded: the session that was written to longest ago is forgotten', () => {
    for (let i = 0; i < 50; i++) memory(`session ${i}`).write([`${i}`]);
    memory('session 0').write(['again']);
    memory('one more').write(Array.from({ length: 10_000 }, (_, i) => `topic/${i}`));
    assert.deepEqual(memory('session 0').read(), ['again']);
    assert.deepEqual(memory('session 1').read(), []);
    assert.equal(memory('one more').read().length, 5000);
  });

  it('that cannot be written is told of and stops nothing', () => {
    mkdirSync(file);
    memory('one').write(['a']);
    assert.equal(errors.length, 1);
  });
});
