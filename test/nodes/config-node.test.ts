import assert from 'node:assert/strict';
import type { Node } from 'node-red';
import { logConnection } from '../../nodes/config-node.ts';

describe("a config node's log", () => {
  it('has a line for each reason why a person is needed', () => {
    const lines: string[] = [];
    const log = logConnection({ error: (line: string) => lines.push(line) } as unknown as Node, 'h:1883');
    log({ state: 'failed', reason: 'wrong password' });
    log({ state: 'failed', reason: 'banned' });
    assert.deepEqual(lines, [
      'h:1883 refuses the connection: wrong password',
      'h:1883 refuses the connection: banned',
    ]);
  });

  it('has one line for an outage, whatever the reasons of its attempts', () => {
    const lines: string[] = [];
    const log = logConnection({ warn: (line: string) => lines.push(line) } as unknown as Node, 'h:1883');
    log({ state: 'waiting', reason: 'connection lost' });
    log({ state: 'waiting', reason: 'read-only' });
    assert.deepEqual(lines, ['h:1883 is unreachable, retrying: connection lost']);
  });
});
