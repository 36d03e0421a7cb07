import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { Node, NodeStatus } from 'node-red';
import { StatusLine } from '../../nodes/status.ts';
import { whenStarted } from '../../nodes/when-started.ts';

describe('functions that run when the nodes of a deploy have started', () => {
  function openType() {
    const events = new EventEmitter();
    const started = whenStarted({ events });
    const open = (start: () => void) => {
      const seen: { errors: unknown[]; status: NodeStatus[] } = { errors: [], status: [] };
      const node = { error: (error: unknown) => seen.errors.push(error) } as unknown as Node;
      const status = new StatusLine((shown) => seen.status.push(shown));
      let close = () => {};
      started({ node, status, onClose: (release) => (close = () => void release(false)) }, start);
      return { ...seen, close };
    };
    return { open, deploy: () => events.emit('flows:started') };
  }

  it('run for each node, when one of them throws: its node shows the error', () => {
    const { open, deploy } = openType();
    let starts = 0;
    const broken = open(() => {
      throw new Error('the store is full');
    });
    const next = open(() => (starts += 1));
    assert.doesNotThrow(deploy);
    assert.equal(starts, 1);
    assert.deepEqual(broken.errors, ['the store is full']);
    assert.deepEqual(broken.status, [{ fill: 'red', shape: 'ring', text: 'the store is full' }]);
    assert.deepEqual([next.errors, next.status], [[], []]);
  });

  it('run after each deploy, until their node closes', () => {
    const { open, deploy } = openType();
    let starts = 0;
    const node = open(() => (starts += 1));
    deploy();
    deploy();
    node.close();
    deploy();
    assert.equal(starts, 2);
  });
});
