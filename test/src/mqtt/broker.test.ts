import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type BrokerOptions, type Message } from '../../../src/index.ts';
import { closing } from '../../helpers/closing.ts';
import { manualSubscriber } from '../../helpers/manual-subscriber.ts';
import { sharedMosquitto } from '../../helpers/mosquitto.ts';
import { openProxy } from '../../helpers/proxy.ts';
import { publisher } from '../../helpers/publisher.ts';
import { describeWith } from '../../helpers/requires.ts';
import { type Server } from '../../helpers/servers.ts';
import { unique } from '../../helpers/unique.ts';
import { until } from '../../helpers/until.ts';
import { openReporting } from '../../helpers/reporting-broker.ts';

/** The first byte of that packet (MQTT 5.0 section 3.13). */
const PINGRESP = 0xd0;

describeWith(['mosquitto'], 'a broker connection to mosquitto', () => {
  const later = closing();

  function open(server: Pick<Server, 'port'>, more: Partial<BrokerOptions> = {}) {
    const opened = openReporting(server, more);
    later(() => opened.broker.close());
    return opened;
  }

  async function publishing(server: Pick<Server, 'port'>) {
    const client = await publisher(server);
    later(() => client.endAsync(true));
    return client;
  }

  for (const protocol of [4, 5] as const) {
    it(`delivers 5,000 messages and acknowledges each once, protocol ${protocol}`, async function () {
      const server = sharedMosquitto();
      const filter = unique('many');
      const texts = new Map<string, number>();
      const session = { protocol, clean_session: false, client_id: unique('client') };
      const { broker } = open(server, session);
      const receive = async ({ payload }: Message) => {
        const text = payload.toString();
        for (let i = 0; i < Number(text) % 7; i++) await setImmediate();
        texts.set(text, (texts.get(text) ?? 0) + 1);
      };
      const subscriber = manualSubscriber({ filter, receive });
      broker.subscribe(subscriber);
      broker.connect();
      await until('subscribed', () => subscriber.states.length === 1);
      const client = await publishing(server);
      // mosquitto disconnects clients with more than 20 unanswered QoS 2 messages.
      const numbers = Array.from({ length: 5000 }, (_, i) => i).values();
      const sending = Array.from({ length: 15 }, async () => {
        for (const i of numbers) await client.publishAsync(filter, `${i}`, { qos: i % 2 ? 1 : 2 });
      });
      await Promise.all(sending);
      await until('all', () => texts.size === 5000, 60_000);
      await until('settled', () => broker.counts.unsettled === 0);
      await broker.close();
      const { broker: next } = open(server, session);
      const seen = manualSubscriber({ filter });
      next.subscribe(seen);
      next.connect();
      await until('subscribed', () => seen.states.length === 1);
      await client.publishAsync(filter, 'last', { qos: 2 });
      assert.equal((await seen.next()).text, 'last', 'nothing was left at the broker');
      assert.deepEqual(
        [...texts.values()].filter((count) => count > 1),
        [],
      );
    });
  }

  it('a message that a killed process had not settled is sent again as a duplicate', async () => {
    const server = sharedMosquitto();
    const filter = unique('killed');
    const clientId = unique('client');
    const script = join(__dirname, 'unsettled-child.js');
    const child = spawn(process.execPath, [script, `${server.port}`, clientId, filter], { stdio: 'pipe' });
    later(() => child.kill('SIGKILL'));
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await until('subscribed', () => output.includes('subscribed'));
    const client = await publishing(server);
    await client.publishAsync(filter, 'at least once', { qos: 1 });
    await client.publishAsync(filter, 'exactly once', { qos: 2 });
    await until('received', () => output.includes('at least') && output.includes('exactly'));
    child.kill('SIGKILL');

    const subscriber = manualSubscriber({ filter });
    const { broker } = open(server, { clean_session: false, client_id: clientId });
    broker.subscribe(subscriber);
    broker.connect();
    const [one, two] = [await subscriber.next(), await subscriber.next()];
    assert.deepEqual([one.text, two.text], ['at least once', 'exactly once']);
    assert.deepEqual([one.message.dup, two.message.dup], [true, true]);
    assert.match(two.message.exchange ?? '', new RegExp(`^${clientId}:\\d+:`));
    one.fulfil();
    two.fulfil();
    await until('the exchange is over', () => subscriber.exchanges.includes(two.message.exchange ?? ''));
  });

  it('keeps the connection alive while no delivery settles', async () => {
    const server = sharedMosquitto();
    const answeredPings: number[] = [];
    const watch = (connection: number) => ({
      fromClient: () => undefined,
      fromTarget: (data: Buffer) => {
        if (data[0] === PINGRESP) answeredPings[connection] = (answeredPings[connection] ?? 0) + 1;
      },
    });
    const proxy = await openProxy(() => server.port, watch);
    later(() => proxy.close());
    const subscriber = manualSubscriber({ filter: unique('hang') });
    const { broker } = open(proxy, { keepalive: 1, clean_session: false });
    broker.subscribe(subscriber);
    broker.connect();
    await until('subscribed', () => subscriber.states.length === 1);
    const client = await publishing(server);
    await Promise.all(
      Array.from({ length: 50 }, () => client.publishAsync(subscriber.filter, 'x', { qos: 1 })),
    );
    await until("what fits into the broker's window", () => subscriber.deliveries.length === 20);
    // mosquitto disconnects a client that is silent for 1.5 times its keepalive, also where the whole machine stands still:
    // the next connection must last as well.
    await until('pings keep one connection', () => answeredPings.some((count) => count >= 3));
    assert.ok(subscriber.deliveries.length >= 20, 'none has settled');
  });

  it('a slow subscriber does not delay another', async () => {
    const server = sharedMosquitto();
    const topic = unique('speed');
    const slow = manualSubscriber({ filter: `${topic}/slow` });
    const fast = manualSubscriber({ filter: `${topic}/fast` });
    const { broker } = open(server, { protocol: 5 });
    broker.subscribe(slow);
    broker.subscribe(fast);
    broker.connect();
    await until('subscribed', () => slow.states.length === 1 && fast.states.length === 1);
    const client = await publishing(server);
    await client.publishAsync(slow.filter, 'x', { qos: 1 });
    for (let i = 0; i < 50; i++) {
      await client.publishAsync(fast.filter, `${i}`, { qos: 1 });
      const { text, fulfil } = await fast.next();
      assert.equal(text, `${i}`);
      fulfil();
    }
    assert.equal(slow.deliveries.length, 1);
  });
});
