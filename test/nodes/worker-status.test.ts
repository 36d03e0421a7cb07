import assert from 'node:assert/strict';
import type { NodeStatus } from 'node-red';
import type { QueueSample } from '../../nodes/fp-queue-config/queue-watch.ts';
import { WorkerStatus } from '../../nodes/fp-worker/worker-status.ts';
import type { StatusLine } from '../../nodes/status.ts';

const quietQueue: QueueSample = {
  waiting: 0,
  dead: 0,
  countedTo: 10_000,
  oldestWaiting: undefined,
  isPaused: false,
  isGrowing: false,
};

/** A worker that runs at most two jobs at once. */
class Shown {
  readonly warnings: string[] = [];
  readonly worker: WorkerStatus;
  status: NodeStatus = {};
  now = 0;

  /** `holders` hold all `count` running jobs for long. */
  constructor(count = 0, holders: string[] = [], keepsDeadLetters = true) {
    const line = { show: (make: () => NodeStatus) => (this.status = make()) } as unknown as StatusLine;
    const stuck = holders.length > 0 ? { count, since: 0, holders } : undefined;
    const jobs = { count, stuck: () => stuck, blocked: () => undefined };
    const warn = (text: string) => this.warnings.push(text);
    this.worker = new WorkerStatus(line, jobs, {
      concurrency: 2,
      keepsDeadLetters,
      warn,
      now: () => this.now,
    });
    this.worker.update({ connection: { state: 'connected' } });
  }

  sees(sample: Partial<QueueSample>): this {
    this.worker.update({ sample: { ...quietQueue, ...sample } });
    return this;
  }
}

describe('the status of a worker', () => {
  it('names the node that holds a job for long, before its time-out', () => {
    const { status } = new Shown(1, ['ask the shop (http request)']);
    assert.deepEqual(status, { fill: 'blue', shape: 'dot', text: '1 running, 1 held by ask the shop' });
    assert.equal(new Shown(1).status.text, '1 running');
  });

  it('tells that a join waits for more messages than jobs can run, and warns what to do, once', () => {
    const full = new Shown(2, ['collect (join)']);
    full.worker.update();
    assert.equal(full.status.text, '2 running, needs more jobs at once');
    assert.equal(full.warnings.length, 1);
    assert.match(full.warnings[0] ?? '', /^collect \(join\) waits .* the 2 jobs .* set Jobs/);
    assert.doesNotMatch(new Shown(1, ['collect (join)']).status.text ?? '', /needs more/);
    assert.doesNotMatch(new Shown(2, ['collect (function)']).status.text ?? '', /needs more/);
  });

  it('shows what runs, and how many jobs ended in the last minute', () => {
    const idle = new Shown();
    assert.deepEqual(idle.status, { fill: 'green', shape: 'dot', text: 'ready' });
    idle.worker.completed();
    assert.equal(idle.status.text, 'ready, 1/min');
    const busy = new Shown(2);
    for (let i = 0; i < 3; i += 1) busy.worker.completed();
    assert.deepEqual(busy.status, { fill: 'blue', shape: 'dot', text: '2 running, 3/min' });
  });

  it('is yellow with dead letters in the last hour, until they are retried or removed', () => {
    const shown = new Shown();
    for (let i = 0; i < 3; i += 1) shown.worker.deadLetter();
    assert.equal(shown.sees({ dead: 10 }).status.text, 'ready, 3/min, 3 dead letters');
    shown.now = 70_000;
    assert.deepEqual(shown.sees({ dead: 10 }).status, {
      fill: 'yellow',
      shape: 'dot',
      text: '3 dead letters in the last hour',
    });
    assert.equal(shown.sees({ dead: 1 }).status.text, '1 dead letter in the last hour');
    assert.equal(shown.sees({ dead: 0 }).status.fill, 'green');
    shown.now = 3_700_000;
    assert.deepEqual(shown.sees({ dead: 10 }).status, { fill: 'green', shape: 'dot', text: 'ready' });
    const busy = new Shown(2);
    busy.worker.deadLetter();
    assert.deepEqual([busy.status.fill, busy.status.text], ['yellow', '2 running, 1/min, 1 dead letter']);
    const recent = new Shown().sees({ dead: 0 });
    recent.worker.deadLetter();
    assert.equal(recent.status.fill, 'yellow', 'before the next sample');
    const forgetful = new Shown(0, [], false);
    forgetful.worker.deadLetter();
    assert.equal(forgetful.sees({ dead: 0 }).status.fill, 'yellow');
  });

  it('is yellow with a growing backlog', () => {
    const { status } = new Shown(2).sees({ waiting: 12_000, isGrowing: true });
    assert.deepEqual([status.fill, status.text], ['yellow', '2 running, 10,000+ waiting']);
  });

  it('tells that the queue or the workers of this Node-RED are paused', () => {
    const shown = new Shown(1).sees({ isPaused: true });
    assert.deepEqual(shown.status, { fill: 'yellow', shape: 'ring', text: 'queue paused, 1 running' });
    shown.worker.update({ isPaused: true });
    assert.equal(shown.status.text, 'paused, 1 running');
  });
});
