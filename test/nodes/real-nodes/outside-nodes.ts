/** Contributed nodes that work on something outside the flow: a database, a file. */
import { config, delay, n } from '../../helpers/flow.ts';
import { temporaryDirectory } from '../../helpers/servers.ts';
import { nobody, type RealNode } from './real-node.ts';

const redis = (port: number) =>
  config('server', 'redis-config', {
    name: 'the server',
    options: JSON.stringify({ port }),
    optionsType: 'json',
  });
const redisCommand = (command: string) =>
  n('a', 'redis-command', ['end'], { server: 'server', command, topic: 'real', params: '[]' });
const influx = (port: number) => [
  config('influx', 'influxdb', {
    hostname: '127.0.0.1',
    port: `${port}`,
    database: 'real',
    influxdbVersion: '1.x',
    credentials: { username: 'u', password: 'p' },
  }),
  n('a', 'influxdb out', [], { influxdb: 'influx', measurement: 'm' }),
];
const copy = (source: string) =>
  n('a', 'fs-ops-copy', ['end'], {
    sourceFilename: source,
    destPath: temporaryDirectory('copy'),
    destFilename: 'copy',
  });

/** By package. */
export const outsideNodes: Record<string, RealNode[]> = {
  'node-red-contrib-fs-ops': [
    { node: 'fs-ops-copy', does: 'copies a file', outcome: 'waited for', flow: () => [copy(__filename)] },
    { node: 'fs-ops-copy', does: 'finds no such file', outcome: 'fails', flow: () => [copy('/no/where')] },
  ],
  'node-red-contrib-influxdb': [
    {
      node: 'influxdb out',
      does: 'writes a point',
      outcome: 'waited for',
      flow: ({ httpPort }) => [
        ...influx(httpPort),
        n('in', 'http in', ['slow'], { url: '/write', method: 'post' }),
        delay('slow', [['answer', 'reached']]),
        n('answer', 'http response', [], { statusCode: '204' }),
      ],
    },
    { node: 'influxdb out', does: 'gets no connection', outcome: 'fails', flow: () => influx(nobody) },
  ],
  'node-red-contrib-redis': [
    {
      node: 'redis-command',
      does: 'gets an answer',
      outcome: 'waited for',
      payloads: ['x'],
      flow: ({ redisPort }) => [redis(redisPort), redisCommand('set')],
    },
    {
      node: 'redis-command',
      does: 'gets an error',
      outcome: 'fails',
      payloads: ['x'],
      flow: ({ redisPort }) => [redis(redisPort), redisCommand('incr')],
    },
    {
      node: 'redis-out',
      does: 'reports success without a connection',
      outcome: 'drops',
      payloads: ['x'],
      flow: () => [
        redis(nobody),
        n('a', 'redis-out', [], { server: 'server', command: 'rpush', topic: 'real' }),
      ],
    },
  ],
};
