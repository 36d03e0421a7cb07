/** Contributed nodes that hold or stop messages. */
import { fn, n } from '../../helpers/flow.ts';
import type { RealNode } from './real-node.ts';

/** Tells the gate to send a message, a while after the gate has got one. */
const thenTrigger = fn(
  'first',
  `node.send([msg, null]);
  const command = { topic: 'control', payload: 'trigger' };
  setTimeout(() => node.send([null, command]), 100);`,
  ['a', 'a'],
);
const gate = (state: string) =>
  n('a', 'q-gate', ['end'], {
    controlTopic: 'control',
    defaultState: state,
    openCmd: 'open',
    closeCmd: 'close',
    toggleCmd: 'toggle',
    queueCmd: 'queue',
    defaultCmd: 'default',
    triggerCmd: 'trigger',
    flushCmd: 'flush',
    resetCmd: 'reset',
    maxQueueLength: 100,
    storeName: 'memory',
  });
const traffic = (isOpen: boolean) =>
  n('a', 'traffic', ['end'], {
    property_allow: 'topic',
    filter_allow: '^open$',
    property_stop: 'topic',
    filter_stop: '^shut$',
    default_start: isOpen,
  });

/** By package. */
export const gateNodes: Record<string, RealNode[]> = {
  'node-red-contrib-queue-gate': [
    { node: 'q-gate', does: 'is open', outcome: 'waited for', flow: () => [gate('open')] },
    { node: 'q-gate', does: 'is closed', outcome: 'drops', flow: () => [gate('closed')] },
    {
      node: 'q-gate',
      does: 'queues until it is told to send',
      outcome: 'waited for',
      payloads: [1, 2, 3],
      reach: 3,
      flow: () => [thenTrigger, gate('queueing')],
    },
  ],
  'node-red-contrib-simple-message-queue': [
    {
      node: 'simple-queue',
      does: 'sends from a timer',
      outcome: 'waited for',
      payloads: [1, 2, 3],
      reach: 3,
      flow: () => [n('a', 'simple-queue', ['end'], { firstMessageBypass: false, bypassInterval: '30' })],
    },
  ],
  'node-red-contrib-stoptimer': [
    {
      node: 'stoptimer',
      does: 'sends after a time',
      outcome: 'waited for',
      flow: () => [
        n('a', 'stoptimer', ['end', []], {
          units: 'Second',
          duration: '0.06',
          payloadtype: 'num',
          payloadval: '0',
        }),
      ],
    },
  ],
  'node-red-contrib-traffic': [
    { node: 'traffic', does: 'is open', outcome: 'waited for', flow: () => [traffic(true)] },
    { node: 'traffic', does: 'is shut', outcome: 'drops', flow: () => [traffic(false)] },
  ],
};
