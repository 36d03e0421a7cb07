import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import type { MqttConfig } from '../../nodes/fp-mqtt-config/fp-mqtt-config.ts';
import { broker, delay, sink, stats, subscribe } from '../helpers/flow.ts';
import { sharedMosquitto } from '../helpers/mosquitto.ts';
import { sharedNodeRed, untilStatus, type FlowNode, type TestNodeRed } from '../helpers/node-red.ts';
import { publisher } from '../helpers/publisher.ts';
import { describeWith } from '../helpers/requires.ts';
import { startScriptedBroker } from '../helpers/scripted-broker.ts';
import type { SharedServer } from '../helpers/servers.ts';
import { probe } from '../helpers/test-nodes.ts';
import { unique } from '../helpers/unique.ts';
import { until } from '../helpers/until.ts';

describeWith(['mosquitto'], 'fp-subscribe with a persistent session', function () {
  let red: TestNodeRed;
  let server: SharedServer;
  let client: MqttClient;
  let topic: string;
  let session: FlowNode;

  before(async () => {
    red = await sharedNodeRed();
    server = sharedMosquitto();
    client = await publisher(server);
  });
  after(() => client.endAsync());
  beforeEach(() => {
    topic = unique('topic');
    session = broker(server, { clean_session: false });
  });
  afterEach(() => red.deploy([]));

  const flow = (properties: object = {}) => [
    session,
    subscribe(topic, ['now'], { execution_mode: 'async', ...properties }),
    sink('now'),
  ];
  const publish = (payload: string) => client.publishAsync(topic, payload, { qos: 1 });

  it('a message whose flow was stopped before it settled is sent again', async () => {
    const holding = probe('now', { holds: true });
    await red.deploy(flow());
    await untilStatus(red, 'subscribe', '0 received');
    await publish('1');
    await holding.got(1);
    const gone = red.deploy(flow());
    const again = probe('now');
    await gone;
    const [msg] = await again.got(1);
    assert.equal(msg['payload'], 1);
  });

  for (const type of ['full', 'nodes'] as const) {
    it(`a message that a delay node keeps when that is deployed again (${type}) is sent again`, async () => {
      const now = probe('now');
      const slow = (timeout: string) => [
        session,
        subscribe(topic, ['slow'], { execution_mode: 'async', qos: '1' }),
        delay('slow', ['now'], timeout),
        sink('now'),
      ];
      await red.deploy(slow('60000'));
      await untilStatus(red, 'subscribe', '0 received');
      await publish('1');
      await untilStatus(red, 'subscribe', /held/);
      await red.deploy(slow('30'), type);
      await now.got(1);
      await publish('2');
      await now.got(2);
      assert.deepEqual(
        now.messages.map(({ payload }) => payload),
        [1, 2],
      );
    });
  }

  it('redeploying only the subscribe node unsubscribes nothing and loses nothing', async () => {
    const now = probe('now');
    await red.deploy(flow());
    await untilStatus(red, 'subscribe', '0 received');
    let published = 0;
    let hasDeployed = false;
    const publishing = (async () => {
      while (!hasDeployed || published < 200) {
        await publish(`${published++}`);
        await until('the node is not far behind', () => published < now.messages.length + 100);
      }
    })();
    for (const pipeline of ['one', 'two', 'three']) {
      await now.got(now.messages.length + 5);
      await red.deploy(flow({ pipeline }), 'nodes');
    }
    hasDeployed = true;
    await publishing;
    const numbers = Array.from({ length: published }, (_value, number) => number);
    const arrived = () => new Set(now.messages.map(({ payload }) => payload));
    await until('all have arrived', () => arrived().size >= published);
    assert.deepEqual([...arrived()].toSorted(byNumber), numbers);
  });

  it('removing the node unsubscribes, so that nothing is kept for it', async () => {
    await red.deploy(flow());
    await untilStatus(red, 'subscribe', '0 received');
    const other = { ...subscribe(unique('other'), []), id: 'other' };
    await red.deploy([...flow(), other], 'nodes');
    await red.deploy([session, other, sink('now')], 'nodes');
    await publish('while nobody is subscribed');
    const now = probe('now');
    await red.deploy([...flow(), other], 'nodes');
    await untilStatus(red, 'subscribe', '0 received');
    await publish('1');
    await now.got(1);
    assert.deepEqual(
      now.messages.map(({ payload }) => payload),
      [1],
    );
  });

  it('changing the topic with a full deploy unsubscribes the old one', async () => {
    await red.deploy(flow());
    await untilStatus(red, 'subscribe', '0 received');
    const old = topic;
    topic = unique('topic');
    const now = probe('now');
    await red.deploy(flow());
    await untilStatus(red, 'subscribe', '0 received');
    await until('the old one is left', () => remembered().includes(topic) && !remembered().includes(old));
    await client.publishAsync(old, '1', { qos: 1 });
    await publish('2');
    await now.got(1);
    assert.equal(unwanted(), 0);
    assert.deepEqual(red.log, []);
  });

  it('a topic that was changed while Node-RED was stopped is unsubscribed, too', async () => {
    const old = await leftBehind();
    const name = `127.0.0.1:${server.port} ${String(session['client_id'])}`;
    writeFileSync(sessionsFile(), JSON.stringify({ [name]: [old] }));
    const now = probe('now');
    await red.deploy(flow());
    await untilStatus(red, 'subscribe', '0 received');
    await until('the old one is left', () => !remembered().includes(old));
    await client.publishAsync(old, '1', { qos: 1 });
    await publish('2');
    await now.got(1);
    assert.equal(unwanted(), 0);
  });

  it('messages of a subscription that nobody here made are counted, and told of once with the remedy', async () => {
    const foreign = await leftBehind();
    const report = probe('report');
    await red.deploy([...flow(), stats(['report'], { broker: 'broker' }), sink('report')]);
    await untilStatus(red, 'subscribe', '0 received');
    for (const number of [1, 2, 3]) await client.publishAsync(foreign, `${number}`, { qos: 1 });
    await until('they came', () => unwanted() === 3);
    red.node('stats').receive({});
    const [{ payload }] = await report.got(1);
    assert.equal((payload as { unwanted_count?: number }).unwanted_count, 3);
    assert.equal(red.log.length, 1, red.log.join('\n'));
    assert.match(red.log[0] ?? '', new RegExp(`${foreign}.*clean session`));
  });

  /** A topic that the session was subscribed to before. */
  async function leftBehind(): Promise<string> {
    const left = unique('left');
    const options = { clientId: String(session['client_id']), clean: false };
    const before = await connectAsync(`mqtt://127.0.0.1:${server.port}`, options);
    await before.subscribeAsync(left, { qos: 1 });
    await before.endAsync();
    return left;
  }

  const sessionsFile = () => join(red.userDir, 'flowerpower-sessions.json');

  /** Everything that the file of sessions has. */
  const remembered = () => (existsSync(sessionsFile()) ? readFileSync(sessionsFile(), 'utf8') : '');

  /** How many messages came that no node subscribes to. */
  function unwanted(): number {
    const node = red.node('broker') as unknown as { shared: MqttConfig };
    const { broker: used, release } = node.shared.use(() => undefined);
    release();
    return used.counts.unwanted;
  }
});

describe('a subscription that the broker refuses', () => {
  it('shows a red ring with the words of the broker, which are logged once', async () => {
    const red = await sharedNodeRed();
    const properties = { reasonString: 'this door is closed' };
    const suback = () => ({ granted: [0x87], properties });
    const server = await startScriptedBroker({ protocolVersion: 5, suback });
    try {
      await red.deploy([broker(server, { protocol: '5' }), subscribe('secret/door', [])]);
      await untilStatus(red, 'subscribe', /this door is closed/);
      const { fill, shape } = red.status('subscribe');
      assert.deepEqual({ fill, shape }, { fill: 'red', shape: 'ring' });
      assert.equal(red.log.filter((line) => line.includes('refuses the topic secret/door')).length, 1);
    } finally {
      await red.deploy([]);
      await server.stop();
    }
  });
});

const byNumber = (one: unknown, other: unknown) => Number(one) - Number(other);
