import assert from 'node:assert/strict';
import { InterruptedError } from '../../../src/index.ts';
import { closing } from '../../helpers/closing.ts';
import { manualSubscriber } from '../../helpers/manual-subscriber.ts';
import { publish, type ScriptedOptions } from '../../helpers/scripted-broker.ts';
import { openScripted } from '../../helpers/scripted-session.ts';
import { until } from '../../helpers/until.ts';

describe('acknowledging messages', () => {
  const later = closing();

  async function connected(script: ScriptedOptions = {}) {
    const { server, broker, close } = await openScripted(script, { clean_session: false });
    later(close);
    const subscriber = manualSubscriber();
    broker.subscribe(subscriber);
    broker.connect();
    await server.got('subscribe');
    const reconnected = async (meanwhile = () => undefined as void) => {
      server.cut();
      await until('the connection is lost', () => broker.connection.state === 'waiting');
      meanwhile();
      await until('a new connection', () => broker.connection.state === 'connected');
    };
    return { server, broker, subscriber, reconnected };
  }

  for (const protocolVersion of [4, 5] as const) {
    describe(`with protocol ${protocolVersion}`, () => {
      const script: ScriptedOptions = { protocolVersion };
      const persistent: ScriptedOptions = { protocolVersion, connack: () => ({ sessionPresent: true }) };

      it('PUBACK waits until the delivery is fulfilled', async () => {
        const { server, subscriber } = await connected(script);
        server.send(publish(1));
        const delivery = await subscriber.next();
        assert.deepEqual(server.ids('puback'), []);
        delivery.fulfil();
        await server.got('puback');
        assert.deepEqual(server.ids('puback'), [1]);
      });

      it('a rejected delivery is acknowledged, because sending it again would not help', async () => {
        const { server, subscriber } = await connected(script);
        server.send(publish(1), publish(2, { qos: 2 }));
        (await subscriber.next()).reject(new Error('bad payload'));
        (await subscriber.next()).reject(new Error('bad payload'));
        await server.got('puback');
        await server.got('pubrec');
      });

      it('PUBACKs, and PUBRECs, are sent in the order of their messages', async () => {
        const { server, subscriber } = await connected(script);
        server.send(publish(1), publish(2, { qos: 2 }), publish(3), publish(4, { qos: 2 }), publish(5));
        await until('all', () => subscriber.deliveries.length === 5);
        for (const delivery of subscriber.deliveries.slice(2)) delivery.fulfil();
        server.send({ cmd: 'pubrel', messageId: 999 });
        await server.got('pubcomp');
        assert.deepEqual(server.ids('puback'), []);
        assert.deepEqual(server.ids('pubrec'), []);
        subscriber.deliveries[1]?.fulfil();
        await server.got('pubrec', 2);
        assert.deepEqual(server.ids('pubrec'), [2, 4]);
        assert.deepEqual(server.ids('puback'), []);
        subscriber.deliveries[0]?.fulfil();
        await server.got('puback', 3);
        assert.deepEqual(server.ids('puback'), [1, 3, 5]);
      });

      it('a message sent again during its delivery joins it and is acknowledged on the new connection', async () => {
        const { server, subscriber, reconnected } = await connected(persistent);
        server.send(publish(7), publish(8, { qos: 2 }));
        const first = await subscriber.next();
        const second = await subscriber.next();
        await reconnected();
        server.send(publish(7, { dup: true }), publish(8, { qos: 2, dup: true }), publish(9));
        const third = await subscriber.next();
        assert.equal(third.text, 'message 9', 'neither 7 nor 8 ran twice');
        first.fulfil();
        second.fulfil();
        third.fulfil();
        await server.got('puback', 2);
        await server.got('pubrec');
        assert.deepEqual(server.ids('puback'), [7, 9]);
        assert.deepEqual(server.ids('pubrec'), [8]);
      });

      it('a delivery that settled while disconnected is acknowledged when its message is sent again', async () => {
        const { server, subscriber, reconnected } = await connected(persistent);
        server.send(publish(7));
        const delivery = await subscriber.next();
        await reconnected(delivery.fulfil);
        assert.deepEqual(server.ids('puback'), []);
        server.send(publish(7, { dup: true }));
        await server.got('puback');
        assert.equal(subscriber.deliveries.length, 0);
      });

      it('an answer is never sent on a connection that did not bring its message', async () => {
        const { server, subscriber, reconnected } = await connected(persistent);
        server.send(publish(7), publish(8, { qos: 2 }));
        const first = await subscriber.next();
        const second = await subscriber.next();
        await reconnected();
        first.fulfil();
        second.fulfil();
        server.send(publish(9));
        (await subscriber.next()).fulfil();
        await server.got('puback');
        assert.deepEqual(server.ids('puback'), [9]);
        assert.deepEqual(server.ids('pubrec'), []);
      });

      it('after a lost session, a packet identifier means another message', async () => {
        const { server, subscriber, reconnected } = await connected(script);
        server.send(publish(7));
        const first = await subscriber.next();
        await reconnected();
        server.send(publish(7, { dup: true }));
        const second = await subscriber.next();
        first.fulfil();
        server.send({ cmd: 'pubrel', messageId: 999 });
        await server.got('pubcomp');
        assert.deepEqual(server.ids('puback'), []);
        second.fulfil();
        await server.got('puback');
      });

      it('a reused packet identifier is not mistaken for the old message', async () => {
        const { server, subscriber, reconnected } = await connected(persistent);
        server.send(publish(7, { text: 'expired' }));
        const expired = await subscriber.next();
        await reconnected();
        server.send(publish(7, { text: 'another', dup: true }));
        const another = await subscriber.next();
        assert.equal(another.text, 'another');
        expired.fulfil();
        server.send(publish(8, { qos: 2 }));
        (await subscriber.next()).fulfil();
        await server.got('pubrec');
        assert.deepEqual(server.ids('puback'), []);
        another.fulfil();
        await server.got('puback');
      });

      it('a packet identifier reused too early is answered for its newer message', async () => {
        const { server, subscriber } = await connected(script);
        server.send(publish(7, { text: 'older' }), publish(7, { text: 'newer' }));
        const [older, newer] = [await subscriber.next(), await subscriber.next()];
        older.fulfil();
        server.send(publish(8, { qos: 2 }));
        (await subscriber.next()).fulfil();
        await server.got('pubrec');
        assert.deepEqual(server.ids('puback'), []);
        newer.fulfil();
        await server.got('puback');
        assert.deepEqual(server.ids('puback'), [7]);
      });

      it('an interrupted delivery stays unacknowledged and is delivered again as a duplicate', async () => {
        const { server, subscriber } = await connected(script);
        server.send(publish(1), publish(2));
        const first = await subscriber.next();
        const second = await subscriber.next();
        second.fulfil();
        first.reject(new InterruptedError('redeploy'));
        const again = await subscriber.next();
        assert.equal(again.text, 'message 1');
        assert.equal(again.message.dup, true);
        assert.deepEqual(
          [first, second, again].map(({ message }) => message.isRepeat === true),
          [false, false, true],
        );
        assert.deepEqual(server.ids('puback'), []);
        again.fulfil();
        await server.got('puback', 2);
        assert.deepEqual(server.ids('puback'), [1, 2]);
      });

      it('close acknowledges settled deliveries, sends DISCONNECT, and sends no answer after it', async () => {
        const { server, broker, subscriber } = await connected(script);
        server.send(publish(1), publish(2), publish(3, { qos: 2 }), publish(4, { qos: 2 }));
        await until('all', () => subscriber.deliveries.length === 4);
        subscriber.deliveries[1]?.fulfil();
        subscriber.deliveries[3]?.fulfil();
        await broker.close();
        await server.got('disconnect');
        subscriber.deliveries[0]?.fulfil();
        assert.deepEqual(server.ids('puback'), [2]);
        assert.deepEqual(server.ids('pubrec'), [4]);
        assert.equal(server.received.at(-1)?.cmd, 'disconnect');
      });
    });
  }
});
