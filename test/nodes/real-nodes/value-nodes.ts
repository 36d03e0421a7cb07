/** Contributed nodes that compute a value. */
import { n } from '../../helpers/flow.ts';
import type { RealNode } from './real-node.ts';

const smooth = (properties: object) =>
  n('a', 'smooth', ['end'], { property: 'payload', action: 'mean', count: '3', round: '', ...properties });

/** By package. */
export const valueNodes: Record<string, RealNode[]> = {
  'node-red-contrib-counter': [
    {
      node: 'counter',
      does: 'counts',
      outcome: 'waited for',
      flow: () => [n('a', 'counter', ['end'], { init: '0', step: '1', outputs: 1, mode: 'increment' })],
    },
  ],
  'node-red-contrib-crypto-js': [
    {
      node: 'encrypt',
      does: 'encrypts',
      outcome: 'waited for',
      payloads: ['x'],
      flow: () => [n('a', 'encrypt', ['end'], { algorithm: 'AES', key: 'key' })],
    },
    {
      node: 'encrypt',
      does: 'has no key',
      outcome: 'fails',
      payloads: ['x'],
      flow: () => [n('a', 'encrypt', ['end'], { algorithm: 'AES', key: '' })],
    },
  ],
  'node-red-contrib-moment': [
    {
      node: 'moment',
      does: 'formats a time',
      outcome: 'waited for',
      payloads: ['2026-01-01'],
      flow: () => [
        n('a', 'moment', ['end'], {
          topic: '',
          input: 'payload',
          inputType: 'msg',
          format: 'YYYY',
          locale: 'en',
          output: 'payload',
          outputType: 'msg',
          inTz: 'UTC',
          outTz: 'UTC',
        }),
      ],
    },
  ],
  'node-red-contrib-uuid': [
    {
      node: 'uuid',
      does: 'makes an ID',
      outcome: 'waited for',
      flow: () => [
        n('a', 'uuid', ['end'], {
          uuidVersion: 'v4',
          field: 'payload',
          fieldType: 'msg',
          namespaceType: '',
          namespace: '',
          namespaceCustom: '',
        }),
      ],
    },
  ],
  'node-red-node-base64': [
    {
      node: 'base64',
      does: 'encodes',
      outcome: 'waited for',
      payloads: ['x'],
      flow: () => [n('a', 'base64', ['end'], { action: 'str', property: 'payload' })],
    },
    {
      node: 'base64',
      does: 'gets what is not Base64',
      outcome: 'fails',
      payloads: ['%'],
      flow: () => [n('a', 'base64', ['end'], { action: 'b64', property: 'payload' })],
    },
  ],
  'node-red-node-random': [
    {
      node: 'random',
      does: 'makes a number',
      outcome: 'waited for',
      flow: () => [n('a', 'random', ['end'], { low: 1, high: 9, inte: 'true' })],
    },
  ],
  'node-red-node-smooth': [
    {
      node: 'smooth',
      does: 'sends a mean for each message',
      outcome: 'waited for',
      payloads: [1, 2, 3],
      reach: 3,
      flow: () => [smooth({})],
    },
    {
      node: 'smooth',
      does: 'sends one mean for three messages',
      outcome: 'waited for',
      payloads: [1, 2, 3],
      flow: () => [smooth({ reduce: true })],
    },
  ],
};
