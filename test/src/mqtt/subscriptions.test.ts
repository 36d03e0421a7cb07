import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { Aedes } from 'aedes';
import { InterruptedError, openBroker, type BrokerOptions } from '../../../src/index.ts';
import { closing } from '../../helpers/closing.ts';
import { areAnswered, manualSubscriber } from '../../helpers/manual-subscriber.ts';
import { publish, type ScriptedOptions } from '../../helpers/scripted-broker.ts';
import { openScripted } from '../../helpers/scripted-session.ts';
import { until } from '../../helpers/until.ts';

describe('subscribing', () => {
  const later = closing();

  async function scripted(script: ScriptedOptions = {}, more: Partial<BrokerOptions> = {}) {
    const subscribing = await openScripted(script, more);
    later(subscribing.close);
    return subscribing;
  }

  it('subscribes to a shared filter once, at the highest QoS', async () => {
    const { server, broker, subscribed } = await scripted();
    const [low, high] = [manualSubscriber({ qos: 0 }), manualSubscriber({ qos: 1 })];
    broker.subscribe(low);
    broker.subscribe(high);
    broker.connect();
    await until('both', areAnswered(low, high));
    assert.deepEqual(subscribed(), ['a 1']);
    server.send(publish(1));
    const [zero, one] = [await low.next(), await high.next()];
    assert.equal(zero.message.qos, 0, 'nobody gets more than asked for');
    assert.equal(one.message.qos, 1);
    one.fulfil();
    await server.got('puback');
  });

  it('subscribes again when a subscriber joins, to get retained messages, or wants a higher QoS', async () => {
    const { broker, subscribed } = await scripted();
    const first = manualSubscriber({ qos: 1 });
    broker.subscribe(first);
    broker.connect();
    await until('answered', areAnswered(first));
    broker.subscribe(manualSubscriber({ qos: 0 }));
    await until('asked', () => subscribed().length === 2);
    broker.subscribe({ ...first, qos: 2 });
    await until('asked', () => subscribed().length === 3);
    assert.deepEqual(subscribed(), ['a 1', 'a 1', 'a 2']);
  });

  it('sends all changes of a deploy together, however many turns its nodes take', async () => {
    const { broker, subscribed } = await scripted();
    const first = manualSubscriber({ qos: 1 });
    broker.subscribe(first);
    broker.connect();
    await until('answered', areAnswered(first));
    for (const qos of [0, 1, 2] as const) {
      broker.subscribe(manualSubscriber({ filter: 'b', qos }));
      await Promise.resolve();
    }
    await until('asked', () => subscribed().length > 1);
    assert.deepEqual(subscribed(), ['a 1', 'b 2']);
  });

  it('MQTT 3.1.1: overlapping filters are all subscribed at their highest QoS, because brokers send one copy', async () => {
    const { broker, subscribed } = await scripted();
    broker.subscribe(manualSubscriber({ filter: 'a/b', qos: 0 }));
    broker.subscribe(manualSubscriber({ filter: 'a/#', qos: 2 }));
    broker.subscribe(manualSubscriber({ filter: 'c', qos: 1 }));
    broker.connect();
    await until('asked', () => subscribed().length === 3);
    assert.deepEqual(subscribed(), ['a/b 2', 'a/# 2', 'c 1']);
  });

  it('unsubscribes the filter of a removed subscriber, unless another uses it', async () => {
    const { broker, unsubscribed } = await scripted();
    const [one, two, three] = [manualSubscriber(), manualSubscriber(), manualSubscriber({ filter: 'b' })];
    const [first, second] = [broker.subscribe(one), broker.subscribe(two)];
    const third = broker.subscribe(three);
    broker.connect();
    await until('answered', areAnswered(three));
    first.close(true);
    third.close(true);
    await until('unsubscribed', () => unsubscribed().length === 1);
    assert.deepEqual(unsubscribed(), ['b']);
    second.close(true);
    await until('unsubscribed', () => unsubscribed().length === 2);
  });

  it('acknowledges messages that a removed subscriber has not taken', async () => {
    const { server, broker } = await scripted();
    const subscriber = manualSubscriber();
    const subscription = broker.subscribe(subscriber);
    broker.connect();
    await until('answered', areAnswered(subscriber));
    server.send(publish(1), publish(2));
    const [first] = [await subscriber.next(), await subscriber.next()];
    subscription.close(true);
    first.reject(new InterruptedError('removed'));
    await server.got('puback');
  });

  it('acknowledges and counts messages without a subscriber', async () => {
    const { server, broker } = await scripted();
    const subscriber = manualSubscriber({ filter: 'b' });
    broker.subscribe(subscriber);
    broker.connect();
    await until('answered', areAnswered(subscriber));
    server.send(publish(1));
    await server.got('puback');
    assert.deepEqual(broker.counts, { received: 1, acknowledged: 1, unsettled: 0, unwanted: 1 });
  });

  it("reports a refusal with the broker's reason", async () => {
    const script: ScriptedOptions = {
      protocolVersion: 5,
      suback: () => ({ granted: [0x87], properties: { reasonString: 'ask joe' } }),
    };
    const { broker } = await scripted(script);
    const subscriber = manualSubscriber();
    broker.subscribe(subscriber);
    broker.connect();
    await until('answered', areAnswered(subscriber));
    assert.deepEqual(subscriber.states, [{ state: 'refused', reason: 'ask joe (Not authorized, 135)' }]);
  });

  it("a subscription refused by the broker's access rules does not affect others", async () => {
    const aedes = await Aedes.createBroker({
      authorizeSubscribe: (_client, subscription, done) =>
        done(null, subscription.topic === 'secret' ? null : subscription),
    });
    const server = createServer(aedes.handle);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    later(() => new Promise<void>((resolve) => aedes.close(resolve)));
    later(() => new Promise((resolve) => server.close(resolve)));
    const broker = openBroker({
      clean_session: true,
      broker: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
    });
    later(() => broker.close());
    const [secret, open] = [manualSubscriber({ filter: 'secret' }), manualSubscriber({ filter: 'open' })];
    broker.subscribe(secret);
    broker.subscribe(open);
    broker.connect();
    await until('answered', areAnswered(secret, open));
    assert.equal(secret.states[0]?.state, 'refused');
    assert.deepEqual(open.states, [{ state: 'subscribed', qos: 2 }]);
  });

  it('reports the granted QoS', async () => {
    const { broker } = await scripted({ suback: () => ({ granted: [1] }) });
    const subscriber = manualSubscriber();
    const subscription = broker.subscribe(subscriber);
    broker.connect();
    await until('answered', areAnswered(subscriber));
    assert.deepEqual(subscription.state, { state: 'subscribed', qos: 1 });
  });

  it('QoS 0: delivers at most the window, keeps a bounded number, drops and counts the oldest', async () => {
    const { server, broker } = await scripted({}, { window: 2, qos0_buffer: 3 });
    const subscriber = manualSubscriber();
    const subscription = broker.subscribe(subscriber);
    broker.connect();
    await until('answered', areAnswered(subscriber));
    server.send(...Array.from({ length: 10 }, (_, i) => publish(i + 1, { qos: 0 })));
    await until('all', () => broker.counts.received === 10);
    assert.deepEqual([subscriber.deliveries.length, subscription.waiting, subscription.dropped], [2, 3, 5]);
    const texts: string[] = [];
    for (let i = 0; i < 5; i++) {
      const { text, fulfil } = await subscriber.next();
      texts.push(text);
      fulfil();
    }
    assert.deepEqual(
      texts,
      [1, 2, 8, 9, 10].map((i) => `message ${i}`),
    );
  });
});
