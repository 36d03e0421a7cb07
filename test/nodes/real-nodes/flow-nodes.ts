/** Core nodes that lead to another part of the flow. */
import { delay, fn, n } from '../../helpers/flow.ts';
import type { FlowNode } from '../../helpers/node-red.ts';
import type { RealNode } from './real-node.ts';

const linkCall = (timeout: string) =>
  n('a', 'link call', ['end'], { links: ['b'], linkType: 'static', timeout });
const subflow: FlowNode = {
  id: 'sub',
  type: 'subflow',
  name: 'sub',
  in: [{ x: 0, y: 0, wires: [{ id: 'inner' }] }],
  out: [{ x: 0, y: 0, wires: [{ id: 'inner', port: 0 }] }],
};

export const flowNodes: RealNode[] = [
  {
    node: 'link out',
    does: 'goes on at a link in node',
    outcome: 'waited for',
    flow: () => [
      n('a', 'link out', [], { mode: 'link', links: ['b'] }),
      n('b', 'link in', ['end'], { links: ['a'] }),
    ],
  },
  {
    node: 'link call',
    does: 'gets an answer',
    outcome: 'waited for',
    flow: () => [
      linkCall('5'),
      n('b', 'link in', ['c']),
      delay('c', ['d']),
      n('d', 'link out', [], { mode: 'return' }),
    ],
  },
  {
    node: 'link call',
    does: 'gets no answer in time',
    outcome: 'fails',
    flow: () => [linkCall('0.05'), n('b', 'link in')],
  },
  {
    node: 'subflow',
    does: 'delays inside',
    outcome: 'waited for',
    flow: () => [n('a', 'subflow:sub', ['end']), subflow, { ...delay('inner', []), z: 'sub' }],
  },
  {
    node: 'complete',
    does: 'goes on when another node has finished',
    outcome: 'waited for',
    flow: () => [fn('a', 'return null'), n('b', 'complete', ['end'], { scope: ['a'] })],
  },
  {
    node: 'catch',
    does: 'goes on when another node has failed',
    outcome: 'fails',
    reach: 1,
    flow: () => [fn('a', 'throw new Error("no")'), n('b', 'catch', ['end'], { scope: ['a'] })],
  },
];
