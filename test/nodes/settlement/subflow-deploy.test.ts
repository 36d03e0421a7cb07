import assert from 'node:assert/strict';
import { broker, enqueue, fn, queue, subscribe } from '../../helpers/flow.ts';
import { sharedMosquitto } from '../../helpers/mosquitto.ts';
import { sharedNodeRed, untilStatus, type FlowNode } from '../../helpers/node-red.ts';
import { publisher } from '../../helpers/publisher.ts';
import { sharedRedis } from '../../helpers/redis.ts';
import { describeWith } from '../../helpers/requires.ts';
import { unique } from '../../helpers/unique.ts';

/** A subflow with one function node. */
const subflow = (func: string): FlowNode[] => [
  {
    id: 'sub',
    type: 'subflow',
    name: 'sub',
    in: [{ x: 0, y: 0, wires: [{ id: 'inside' }] }],
    out: [{ x: 0, y: 0, wires: [{ id: 'inside', port: 0 }] }],
  },
  { ...onTab(fn('inside', func, [[]])), z: 'sub' },
];
const onTab = (node: FlowNode): FlowNode => ({ z: 'tab', x: 0, y: 0, ...node });
const keepsThem = subflow('setTimeout(() => { node.send(msg); node.done(); }, 1e6);');
const sendsThem = subflow('return msg;');

describeWith(['mosquitto', 'redis'], 'settlement: a subflow before fp-enqueue', () => {
  afterEach(async () => (await sharedNodeRed()).deploy([]));

  for (const type of ['flows', 'nodes', 'full'] as const) {
    it(`that is changed interrupts its messages, and gets them again (deploy: ${type})`, async () => {
      const red = await sharedNodeRed();
      const topic = unique('topic');
      const flow = [
        { id: 'tab', type: 'tab', label: 'tab' },
        broker(sharedMosquitto(), { clean_session: false }),
        queue({ store: 'redis', redis_url: `redis://127.0.0.1:${sharedRedis().port}` }),
        onTab(subscribe(topic, ['a', 'a'], { qos: '1' })),
        onTab({ id: 'a', type: 'subflow:sub', wires: [['enqueue']] }),
        onTab(enqueue()),
      ];
      await red.deploy([...keepsThem, ...flow]);
      await untilStatus(red, 'subscribe', '0 received');
      const client = await publisher(sharedMosquitto());
      for (let payload = 0; payload < 3; payload += 1)
        await client.publishAsync(topic, `${payload}`, { qos: 1 });
      await client.endAsync();
      await untilStatus(red, 'subscribe', /3 held by a-inside/);
      await red.deploy([...sendsThem, ...flow], type);
      await untilStatus(red, 'enqueue', /\b3\/min/);
      assert.deepEqual(red.log, []);
    });
  }
});
