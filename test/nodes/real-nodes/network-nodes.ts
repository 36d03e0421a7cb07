/** Core nodes that talk to something outside the flow; other nodes of the flow are their servers. */
import { config, delay, n } from '../../helpers/flow.ts';
import type { FlowNode } from '../../helpers/node-red.ts';
import { nobody, type RealNode } from './real-node.ts';
import { passedOn, slowTopic } from './watched-broker.ts';

const httpRequest = (url: string) =>
  n('a', 'http request', ['end'], { method: 'GET', url, ret: 'txt', paytoqs: 'ignore', senderr: true });
const httpServer = (statusCode: string) => [
  n('in', 'http in', ['slow'], { url: '/real-nodes', method: 'get' }),
  delay('slow', ['answer']),
  n('answer', 'http response', [], { statusCode }),
];
const tcpRequest = (port: number) =>
  n('a', 'tcp request', ['end'], {
    server: '127.0.0.1',
    port: `${port}`,
    out: 'time',
    ret: 'string',
    splitc: '30',
  });
const tcpServer = (port: number, ...wires: string[]) =>
  n('server', 'tcp in', [wires], {
    server: 'server',
    host: '',
    port: `${port}`,
    datamode: 'stream',
    datatype: 'utf8',
    newline: '',
    topic: '',
  });
const mqtt = (port: number): FlowNode[] => [
  config('mqtt', 'mqtt-broker', {
    broker: '127.0.0.1',
    port: `${port}`,
    clientid: '',
    autoConnect: true,
    protocolVersion: '4',
    keepalive: '60',
    cleansession: true,
  }),
  n('a', 'mqtt out', [], { broker: 'mqtt', topic: slowTopic, qos: '1', retain: 'false' }),
];

export const networkNodes: RealNode[] = [
  {
    node: 'http request',
    does: 'gets an answer',
    outcome: 'waited for',
    flow: ({ http }) => [httpRequest(`${http}/real-nodes`), ...httpServer('200')],
  },
  {
    node: 'http request',
    does: 'gets status 500',
    outcome: 'waited for',
    flow: ({ http }) => [httpRequest(`${http}/real-nodes`), ...httpServer('500')],
  },
  {
    node: 'http request',
    does: 'gets no connection',
    outcome: 'fails',
    flow: () => [httpRequest(`http://127.0.0.1:${nobody}`)],
  },
  {
    node: 'tcp request',
    does: 'gets an answer',
    outcome: 'waited for',
    payloads: ['x'],
    flow: ({ freePort }) => [
      tcpRequest(freePort),
      tcpServer(freePort, 'slow'),
      delay('slow', ['answer'], '60'),
      n('answer', 'tcp out', [], { beserver: 'reply', host: '', port: '' }),
    ],
  },
  {
    node: 'tcp request',
    does: 'gets no connection',
    outcome: 'fails',
    payloads: ['x'],
    flow: () => [tcpRequest(nobody)],
  },
  {
    node: 'mqtt out',
    does: 'publishes at QoS 1',
    outcome: 'waited for',
    isReady: (red) => red.status('in').text?.endsWith('.connected') === true,
    flow: ({ mqttPort }) => [
      ...mqtt(mqttPort),
      n('in', 'mqtt in', ['reached'], { broker: 'mqtt', topic: passedOn, qos: '1', datatype: 'utf8' }),
    ],
  },
  {
    node: 'tcp out',
    does: 'reports success without a connection',
    outcome: 'drops',
    flow: () => [
      n('a', 'tcp out', [], { beserver: 'client', host: '127.0.0.1', port: `${nobody}`, end: false }),
    ],
  },
];
