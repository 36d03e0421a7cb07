import assert from 'node:assert/strict';
import { openBroker } from '../../../src/index.ts';
import { closing } from '../../helpers/closing.ts';
import { areAnswered, manualSubscriber } from '../../helpers/manual-subscriber.ts';
import { sharedMosquitto } from '../../helpers/mosquitto.ts';
import { publisher } from '../../helpers/publisher.ts';
import { describeWith } from '../../helpers/requires.ts';
import { unique } from '../../helpers/unique.ts';
import { until } from '../../helpers/until.ts';

describeWith(['mosquitto'], 'overlapping filters at mosquitto', () => {
  const later = closing();

  for (const protocol of [4, 5] as const) {
    it(`deliver each message once to each subscriber, at its own QoS, protocol ${protocol}`, async () => {
      const server = sharedMosquitto();
      const topic = unique('overlap');
      const broker = openBroker({ clean_session: true, broker: '127.0.0.1', port: server.port, protocol });
      later(() => broker.close());
      const subscribers = [
        manualSubscriber({ filter: `${topic}/b`, qos: 0 }),
        manualSubscriber({ filter: `${topic}/+`, qos: 1 }),
        manualSubscriber({ filter: `${topic}/#`, qos: 2 }),
        manualSubscriber({ filter: `${topic}/#`, qos: 2 }),
      ];
      for (const subscriber of subscribers) broker.subscribe(subscriber);
      broker.connect();
      await until('answered', areAnswered(...subscribers));
      const client = await publisher(server);
      later(() => client.endAsync(true));
      await client.publishAsync(`${topic}/b`, 'one', { qos: 2 });
      await client.publishAsync(`${topic}/b`, 'two', { qos: 2 });
      const got = await Promise.all(
        subscribers.map(async (subscriber) => {
          const deliveries = [await subscriber.next(), await subscriber.next()];
          for (const { fulfil } of deliveries) fulfil();
          return deliveries.map(({ text, message: { qos } }) => `${text} ${qos}`);
        }),
      );
      assert.deepEqual(
        got,
        [0, 1, 2, 2].map((qos) => [`one ${qos}`, `two ${qos}`]),
      );
      await until('settled', () => broker.counts.unsettled === 0);
      assert.deepEqual(
        subscribers.map(({ deliveries }) => deliveries.length),
        [0, 0, 0, 0],
      );
    });
  }

  it('a shared subscription delivers each message to one member of the group', async () => {
    const server = sharedMosquitto();
    const topic = unique('shared');
    const texts: string[] = [];
    const members = [1, 2].map(() => {
      const receive = async ({ payload }: { payload: Buffer }) => void texts.push(payload.toString());
      const subscriber = manualSubscriber({ filter: `$share/group/${topic}/#`, receive });
      const broker = openBroker({ clean_session: true, broker: '127.0.0.1', port: server.port, protocol: 5 });
      later(() => broker.close());
      broker.subscribe(subscriber);
      broker.connect();
      return subscriber;
    });
    await until('answered', areAnswered(...members));
    const client = await publisher(server);
    later(() => client.endAsync(true));
    for (let i = 0; i < 10; i++) await client.publishAsync(`${topic}/x`, `${i}`, { qos: 1 });
    await until('all', () => texts.length >= 10);
    assert.deepEqual(texts.toSorted(), ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  });

  it('a later subscriber gets the retained message, marked as retained', async () => {
    const server = sharedMosquitto();
    const topic = unique('retained');
    const client = await publisher(server);
    later(() => client.endAsync(true));
    const broker = openBroker({ clean_session: true, broker: '127.0.0.1', port: server.port });
    later(() => broker.close());
    const first = manualSubscriber({ filter: topic });
    broker.subscribe(first);
    broker.connect();
    await until('answered', areAnswered(first));
    await client.publishAsync(topic, 'kept', { qos: 1, retain: true });
    assert.equal((await first.next()).message.retain, false);
    const second = manualSubscriber({ filter: topic });
    broker.subscribe(second);
    assert.equal((await second.next()).message.retain, true);
    await client.publishAsync(topic, '', { retain: true });
  });
});
