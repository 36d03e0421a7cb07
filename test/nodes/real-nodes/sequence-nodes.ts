/** Core nodes that keep messages, merge them, or make several of one. */
import { delay, fn, n } from '../../helpers/flow.ts';
import type { RealNode } from './real-node.ts';

const rate = (properties: object) =>
  n('a', 'delay', ['end'], { pauseType: 'rate', rate: '1', nbRateUnits: '1', outputs: 1, ...properties });
const trigger = (properties: object) =>
  n('a', 'trigger', ['end'], {
    op1: '1',
    op1type: 'str',
    op2: '2',
    op2type: 'str',
    duration: '150',
    units: 'ms',
    bytopic: 'all',
    outputs: 1,
    ...properties,
  });
const filter = n('a', 'rbe', ['end'], { func: 'rbe', inout: 'out', property: 'payload' });
const split = (next: string) =>
  n('a', 'split', [next], { splt: '\\n', spltType: 'str', arraySplt: 1, arraySpltType: 'len' });
const join = (properties: object) =>
  n('a', 'join', ['end'], { mode: 'custom', build: 'array', property: 'payload', ...properties });
const batch = (properties: object) => n('a', 'batch', ['end'], { mode: 'count', overlap: 0, ...properties });
const sort = n('b', 'sort', ['end'], {
  targetType: 'seq',
  seqKey: 'payload',
  seqKeyType: 'msg',
  order: 'ascending',
});
/** Passes messages on when `count` have come, all at once: a wait between them could be as long as the time of a node. */
const together = (count: number) =>
  fn(
    'together',
    `const kept = context.get('kept') ?? [];
    context.set('kept', kept);
    kept.push(() => { node.send(msg); node.done(); });
    if (kept.length === ${count}) for (const pass of kept) pass();`,
    ['a'],
  );

const holding: RealNode[] = [
  { node: 'delay', does: 'delays', outcome: 'waited for', flow: () => [delay('a', ['end'])] },
  {
    node: 'delay',
    does: 'limits the rate and queues',
    outcome: 'waited for',
    payloads: [1, 2, 3],
    reach: 3,
    flow: () => [rate({ rate: '50', rateUnits: 'second' })],
  },
  {
    node: 'delay',
    does: 'limits the rate and drops',
    outcome: 'waited for',
    payloads: [1, 2, 3],
    flow: () => [rate({ rateUnits: 'minute', drop: true })],
  },
  {
    node: 'trigger',
    does: 'sends at once, and again later',
    outcome: 'waited for',
    reach: 2,
    flow: () => [trigger({})],
  },
  {
    node: 'trigger',
    does: 'sends the latest message after a pause',
    outcome: 'waited for',
    payloads: [1, 2, 3],
    flow: () => [together(3), trigger({ op1type: 'nul', op2type: 'payl', extend: true })],
  },
  {
    node: 'filter',
    does: 'gets the same value three times',
    outcome: 'waited for',
    payloads: [1, 1, 1],
    flow: () => [filter],
  },
];

const merging: RealNode[] = [
  {
    node: 'split',
    does: 'makes three messages of one',
    outcome: 'waited for',
    payloads: [[1, 2, 3]],
    reach: 3,
    flow: () => [split('end')],
  },
  {
    node: 'join',
    does: 'puts a split array together again',
    outcome: 'waited for',
    payloads: [[1, 2, 3]],
    flow: () => [split('b'), n('b', 'join', ['end'], { mode: 'auto' })],
  },
  {
    node: 'join',
    does: 'makes one message of three',
    outcome: 'waited for',
    merges: true,
    payloads: [1, 2, 3],
    flow: () => [join({ count: '3' })],
  },
  {
    node: 'join',
    does: 'sends what it has after a time',
    outcome: 'waited for',
    merges: true,
    payloads: [1, 2],
    flow: () => [together(2), join({ count: '', timeout: '0.3' })],
  },
  {
    node: 'sort',
    does: 'sorts a split array',
    outcome: 'waited for',
    payloads: [[3, 1, 2]],
    reach: 3,
    flow: () => [split('b'), sort],
  },
  {
    node: 'batch',
    does: 'groups three messages',
    outcome: 'waited for',
    payloads: [1, 2, 3],
    reach: 3,
    flow: () => [batch({ count: 3 })],
  },
  {
    node: 'batch',
    does: 'groups by interval',
    outcome: 'waited for',
    payloads: [1, 2],
    reach: 2,
    flow: () => [batch({ mode: 'interval', interval: 0.3 })],
  },
];

export const sequenceNodes: RealNode[] = [...holding, ...merging];
