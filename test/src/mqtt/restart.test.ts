import assert from 'node:assert/strict';
import { InterruptedError, type BrokerOptions, type BrokerTiming } from '../../../src/index.ts';
import { closing } from '../../helpers/closing.ts';
import { areAnswered, manualSubscriber } from '../../helpers/manual-subscriber.ts';
import { publish, type ScriptedOptions } from '../../helpers/scripted-broker.ts';
import { openScripted } from '../../helpers/scripted-session.ts';
import { until } from '../../helpers/until.ts';

describe('a subscriber that restarts', () => {
  const later = closing();

  async function scripted(
    script: ScriptedOptions = {},
    more: Partial<BrokerOptions> = {},
    timing: Partial<BrokerTiming> = {},
  ) {
    const subscribing = await openScripted(script, more, { timing });
    later(subscribing.close);
    return subscribing;
  }

  it('gets interrupted messages first, then waiting ones, without a new SUBSCRIBE', async () => {
    const { server, broker, subscribed, unsubscribed } = await scripted();
    const subscriber = manualSubscriber();
    const subscription = broker.subscribe(subscriber);
    broker.connect();
    await until('answered', areAnswered(subscriber));
    server.send(publish(1), publish(2));
    const [first, second] = [await subscriber.next(), await subscriber.next()];
    subscription.close(false);
    server.send(publish(3));
    await until('waiting', () => subscription.waiting === 1);
    first.fulfil();
    second.reject(new InterruptedError('redeploy'));
    await until('both wait', () => subscription.waiting === 2);
    const again = manualSubscriber({ id: subscriber.id });
    assert.deepEqual(broker.subscribe(again).state, { state: 'subscribed', qos: 2 });
    const [two, three] = [await again.next(), await again.next()];
    assert.deepEqual([two.text, two.message.dup], ['message 2', true]);
    assert.deepEqual([three.text, three.message.dup], ['message 3', false]);
    two.fulfil();
    three.fulfil();
    await server.got('puback', 3);
    assert.deepEqual(server.ids('puback'), [1, 2, 3]);
    assert.deepEqual([subscribed(), unsubscribed()], [['a 2'], []]);
  });

  it('delays the answer to PUBREL until it has restarted', async () => {
    const { server, broker } = await scripted();
    const subscriber = manualSubscriber();
    const subscription = broker.subscribe(subscriber);
    broker.connect();
    await until('answered', areAnswered(subscriber));
    server.send(publish(1, { qos: 2 }));
    (await subscriber.next()).fulfil();
    await server.got('pubrec');
    subscription.close(false);
    server.send({ cmd: 'pubrel', messageId: 1 });
    await until('waiting', () => subscription.waiting === 1);
    assert.deepEqual(server.ids('pubcomp'), []);
    const again = manualSubscriber({ id: subscriber.id });
    broker.subscribe(again);
    await server.got('pubcomp');
    assert.equal(again.exchanges.length, 1);
  });

  it('with another filter unsubscribes the old one, and drops its waiting messages', async () => {
    const { server, broker, subscribed, unsubscribed } = await scripted();
    const subscriber = manualSubscriber();
    const subscription = broker.subscribe(subscriber);
    broker.connect();
    await until('answered', areAnswered(subscriber));
    subscription.close(false);
    server.send(publish(1));
    await until('waiting', () => subscription.waiting === 1);
    const again = manualSubscriber({ id: subscriber.id, filter: 'b' });
    assert.deepEqual(broker.subscribe(again).state, { state: 'pending' });
    await server.got('puback');
    await until('unsubscribed', () => unsubscribed().length === 1);
    assert.deepEqual([subscribed(), unsubscribed()], [['a 2', 'b 2'], ['a']]);
    assert.equal(again.deliveries.length, 0);
  });

  it('too late is unsubscribed, and its waiting messages are acknowledged', async () => {
    const { server, broker, unsubscribed } = await scripted({}, {}, { restartGrace: 0.1 });
    const subscriber = manualSubscriber();
    const subscription = broker.subscribe(subscriber);
    broker.connect();
    await until('answered', areAnswered(subscriber));
    subscription.close(false);
    server.send(publish(1));
    await server.got('puback');
    await until('unsubscribed', () => unsubscribed().length === 1);
  });

  it('is not affected when its old subscription is closed late', async () => {
    const { server, broker, unsubscribed } = await scripted();
    const subscriber = manualSubscriber();
    const subscription = broker.subscribe(subscriber);
    const again = manualSubscriber({ id: subscriber.id });
    broker.subscribe(again);
    subscription.close(true);
    broker.connect();
    await until('answered', areAnswered(again));
    server.send(publish(1));
    await again.next();
    assert.deepEqual(unsubscribed(), []);
  });

  it('is subscribed again only if the broker lost the session, and unsubscribed if it was removed meanwhile', async () => {
    let sessionPresent = false;
    const script = { connack: () => ({ sessionPresent }) };
    const { server, broker, subscribed, unsubscribed } = await scripted(script, { clean_session: false });
    const [stays, leaves] = [manualSubscriber(), manualSubscriber({ filter: 'b' })];
    broker.subscribe(stays);
    const leaving = broker.subscribe(leaves);
    broker.connect();
    await until('answered', areAnswered(stays, leaves));
    sessionPresent = true;
    server.cut();
    await until('away', () => broker.connection.state === 'waiting');
    leaving.close(true);
    await until('unsubscribed', () => unsubscribed().length === 1);
    assert.deepEqual([subscribed(), unsubscribed()], [['a 2', 'b 2'], ['b']]);
    sessionPresent = false;
    server.cut();
    await until('asked again', () => subscribed().length === 3);
    assert.deepEqual(subscribed().slice(2), ['a 2']);
  });

  it('and is removed just before close is unsubscribed', async () => {
    const { server, broker } = await scripted({}, { clean_session: false });
    const subscriber = manualSubscriber();
    const subscription = broker.subscribe(subscriber);
    broker.connect();
    await until('answered', areAnswered(subscriber));
    subscription.close(true);
    await broker.close();
    assert.deepEqual(
      server.received.map(({ cmd }) => cmd),
      ['connect', 'subscribe', 'unsubscribe', 'disconnect'],
    );
  });

  it('gets a bounded number of QoS 0 messages', async () => {
    const { server, broker } = await scripted({}, { window: 2, qos0_buffer: 3, qos0_drop: 'newest' });
    const subscriber = manualSubscriber();
    const subscription = broker.subscribe(subscriber);
    broker.connect();
    await until('answered', areAnswered(subscriber));
    subscription.close(false);
    server.send(...Array.from({ length: 10 }, (_, i) => publish(i + 1, { qos: 0 })));
    await until('all', () => broker.counts.received === 10);
    const again = manualSubscriber({
      id: subscriber.id,
      receive: async ({ payload }) => void texts.push(payload.toString()),
    });
    const texts: string[] = [];
    broker.subscribe(again);
    await until('all that waited', () => texts.length === 5);
    assert.deepEqual(
      texts,
      [1, 2, 3, 4, 5].map((i) => `message ${i}`),
    );
    assert.equal(subscription.dropped, 5);
  });

  it('and whose SUBSCRIBE was lost with the connection is subscribed again', async () => {
    let ignored: 'subscribe' | 'unsubscribe' = 'subscribe';
    const script: ScriptedOptions = { ignores: () => ignored, connack: () => ({ sessionPresent: true }) };
    const { server, broker, subscribed, unsubscribed } = await scripted(script, { clean_session: false });
    const subscriber = manualSubscriber();
    const subscription = broker.subscribe(subscriber);
    broker.connect();
    await until('asked', () => subscribed().length === 1);
    ignored = 'unsubscribe';
    server.cut();
    await until('answered', areAnswered(subscriber));
    assert.deepEqual(subscribed(), ['a 2', 'a 2']);
    subscription.close(true);
    await until('unsubscribed', () => unsubscribed().length === 1);
    server.cut();
    await until('unsubscribed again', () => unsubscribed().length === 2);
  });
});
