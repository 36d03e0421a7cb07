import assert from 'node:assert/strict';
import { InterruptedError } from '../../../src/index.ts';
import { closing } from '../../helpers/closing.ts';
import { areAnswered, manualSubscriber } from '../../helpers/manual-subscriber.ts';
import { publish } from '../../helpers/scripted-broker.ts';
import { openScripted } from '../../helpers/scripted-session.ts';
import { until } from '../../helpers/until.ts';

describe('a reserved subscription', () => {
  const later = closing();

  async function scripted() {
    const subscribing = await openScripted({}, {});
    later(subscribing.close);
    return subscribing;
  }

  it('keeps its messages unacknowledged until its subscriber takes them', async () => {
    const { server, broker, subscribed } = await scripted();
    const subscriber = manualSubscriber({ qos: 1 });
    const release = broker.reserve({ id: subscriber.id, filter: subscriber.filter, qos: 1 });
    broker.connect();
    await until('asked', () => subscribed().length === 1);
    server.send(publish(1));
    await until('it has come', () => broker.counts.unsettled === 1);
    release(false);
    broker.subscribe(subscriber);
    const delivery = await subscriber.next();
    assert.equal(broker.counts.unsettled, 1, 'it was not acknowledged before');
    delivery.fulfil();
    await server.got('puback');
  });

  it('keeps messages that its subscriber had not taken when it stopped', async () => {
    const { server, broker } = await scripted();
    const subscriber = manualSubscriber({ qos: 1 });
    const subscription = broker.subscribe(subscriber);
    broker.connect();
    await until('answered', areAnswered(subscriber));
    server.send(publish(1));
    const delivery = await subscriber.next();
    subscription.close(false);
    delivery.reject(new InterruptedError('stopped'));
    const release = broker.reserve({ id: subscriber.id, filter: subscriber.filter, qos: 1 });
    release(false);
    broker.subscribe(subscriber);
    const again = await subscriber.next();
    assert.equal(broker.counts.unsettled, 1);
    again.fulfil();
    await server.got('puback');
  });

  it('without a filter keeps messages without another subscriber, and unsubscribes no filter', async () => {
    const { server, broker } = await scripted();
    const subscriber = manualSubscriber({ qos: 1 });
    const release = broker.reserve({ id: subscriber.id, filter: undefined, qos: 1 });
    broker.connect();
    await until('it is connected', () => broker.connection.state === 'connected');
    server.send(publish(1));
    await until('it has come', () => broker.counts.unsettled === 1);
    release(false);
    broker.subscribe(subscriber);
    (await subscriber.next()).fulfil();
    await server.got('puback');
    assert.equal(broker.counts.unwanted, 0);
  });
});
