import assert from 'node:assert/strict';
import { closing } from '../../helpers/closing.ts';
import { manualSubscriber } from '../../helpers/manual-subscriber.ts';
import { publish, type ScriptedOptions } from '../../helpers/scripted-broker.ts';
import { openScripted } from '../../helpers/scripted-session.ts';
import { until } from '../../helpers/until.ts';

describe('QoS 2', () => {
  const later = closing();

  async function scripted(protocolVersion: 4 | 5, ignored?: 'pingreq', sessionPresent = true) {
    const script: ScriptedOptions = {
      protocolVersion,
      connack: () => ({ sessionPresent }),
      ...(ignored && { ignores: () => ignored }),
    };
    const { server, broker, close } = await openScripted(script, { clean_session: false, client_id: 'c' });
    later(close);
    return { server, broker, subscriber: manualSubscriber() };
  }

  async function subscribed(...session: Parameters<typeof scripted>) {
    const { server, broker, subscriber } = await scripted(...session);
    broker.subscribe(subscriber);
    broker.connect();
    await server.got('subscribe');
    return { server, broker, subscriber };
  }

  /** Completes the exchange of message 5. */
  async function finished(protocolVersion: 4 | 5) {
    const { server, broker, subscriber } = await subscribed(protocolVersion);
    server.send(publish(5, { qos: 2 }));
    (await subscriber.next()).fulfil();
    await server.got('pubrec');
    server.send({ cmd: 'pubrel', messageId: 5 });
    await server.got('pubcomp');
    return { server, broker, subscriber };
  }

  for (const protocolVersion of [4, 5] as const) {
    describe(`with protocol ${protocolVersion}`, () => {
      it('delivers the message at PUBLISH, and only once until PUBREL', async () => {
        const { server, subscriber } = await subscribed(protocolVersion);
        server.send(publish(5, { qos: 2 }));
        const { message, fulfil } = await subscriber.next();
        assert.match(message.exchange ?? '', /^c:5:[\w-]{22}$/);
        assert.equal(message.dup, false);
        fulfil();
        await server.got('pubrec');
        server.send(publish(5, { qos: 2, dup: true }));
        await server.got('pubrec', 2);
        server.send({ cmd: 'pubrel', messageId: 5 });
        await server.got('pubcomp');
        assert.deepEqual(subscriber.exchanges, [message.exchange]);
        assert.equal(subscriber.deliveries.length, 0);
        server.send(publish(5, { qos: 2 }));
        assert.equal((await subscriber.next()).message.dup, false, 'after PUBREL the identifier is free');
      });

      it('PUBCOMP waits until the subscriber has handled the end of the exchange', async () => {
        const { server, broker, subscriber } = await scripted(protocolVersion);
        let forget = () => undefined as void;
        subscriber.released = () => new Promise((resolve) => (forget = resolve));
        broker.subscribe(subscriber);
        broker.connect();
        await server.got('subscribe');
        server.send(publish(5, { qos: 2 }));
        (await subscriber.next()).fulfil();
        await server.got('pubrec');
        server.send({ cmd: 'pubrel', messageId: 5 }, publish(6));
        (await subscriber.next()).fulfil();
        await server.got('puback');
        assert.deepEqual(server.ids('pubcomp'), []);
        forget();
        await server.got('pubcomp');
      });

      it('a PUBREL sent again meanwhile is answered once, on the new connection', async () => {
        const { server, broker, subscriber } = await scripted(protocolVersion);
        const exchanges: string[] = [];
        let forget = () => undefined as void;
        subscriber.released = (exchange) => {
          exchanges.push(exchange);
          return new Promise((resolve) => (forget = resolve));
        };
        broker.subscribe(subscriber);
        broker.connect();
        await server.got('subscribe');
        server.send(publish(5, { qos: 2 }));
        const { message, fulfil } = await subscriber.next();
        fulfil();
        await server.got('pubrec');
        server.send({ cmd: 'pubrel', messageId: 5 });
        await until('told', () => exchanges.length === 1);
        server.cut();
        await server.got('connect', 2);
        server.send({ cmd: 'pubrel', messageId: 5 }, publish(6));
        (await subscriber.next()).fulfil();
        await server.got('puback');
        forget();
        server.send(publish(7));
        (await subscriber.next()).fulfil();
        await server.got('puback', 2);
        assert.deepEqual(server.ids('pubcomp'), [5]);
        assert.deepEqual(exchanges, [message.exchange]);
      });

      it('a message of an earlier process is delivered as a duplicate, and its PUBREL is answered', async () => {
        const { server, subscriber } = await subscribed(protocolVersion);
        server.send(publish(5, { qos: 2, dup: true }), { cmd: 'pubrel', messageId: 6 });
        const { message, fulfil } = await subscriber.next();
        assert.equal(message.dup, true);
        await server.got('pubcomp');
        assert.deepEqual(subscriber.exchanges, [], 'nobody here knows it');
        fulfil();
        await server.got('pubrec');
      });

      it('a message that the broker sends again after PUBREL is answered, but not delivered again', async () => {
        const { server, broker, subscriber } = await finished(protocolVersion);
        server.send(publish(5, { qos: 2, dup: true }), publish(6));
        const other = await subscriber.next();
        assert.equal(other.text, 'message 6');
        other.fulfil();
        await server.got('puback');
        await server.got('pubrec', 2);
        server.send({ cmd: 'pubrel', messageId: 5 });
        await server.got('pubcomp', 2);
        assert.equal(broker.counts.unsettled, 0);
      });

      it('another message with the identifier of a finished exchange is delivered, marked as duplicate or not', async () => {
        const { server, subscriber } = await finished(protocolVersion);
        server.send(publish(5, { qos: 2, dup: true, text: 'another' }));
        assert.equal((await subscriber.next()).text, 'another');
      });

      it('with a broker that reuses identifiers immediately, no message is mistaken for a finished exchange', async () => {
        const { server, subscriber } = await finished(protocolVersion);
        server.send(publish(5, { qos: 2 }));
        (await subscriber.next()).fulfil();
        await server.got('pubrec', 2);
        server.send({ cmd: 'pubrel', messageId: 5 });
        await server.got('pubcomp', 2);
        server.send(publish(5, { qos: 2, dup: true }));
        assert.equal((await subscriber.next()).message.dup, true);
      });

      it('the name of an exchange stays the same when the message is sent again, and differs for another message', async () => {
        const { server, subscriber } = await subscribed(protocolVersion);
        server.send(publish(5, { qos: 2 }), publish(6, { qos: 2, text: 'message 5' }));
        const names = [await subscriber.next(), await subscriber.next()].map(
          ({ message }) => message.exchange,
        );
        server.send({ cmd: 'pubrel', messageId: 5 }, publish(5, { qos: 2, text: 'another' }));
        names.push((await subscriber.next()).message.exchange);
        assert.equal(new Set(names).size, 3);
        const again = await subscribed(protocolVersion);
        again.server.send(publish(5, { qos: 2, dup: true }));
        assert.equal((await again.subscriber.next()).message.exchange, names[0]);
      });

      it('a PUBLISH with an identifier that is not released is the same message, also without DUP', async () => {
        const { server, broker, subscriber } = await subscribed(protocolVersion);
        for (const id of [5, 6, 7]) server.send(publish(id, { qos: 2 }), publish(id, { qos: 2 }));
        for (let i = 0; i < 3; i++) (await subscriber.next()).fulfil();
        await server.got('pubrec', 3);
        server.send(publish(5, { qos: 2 }), publish(6, { qos: 2, dup: true }), publish(8));
        (await subscriber.next()).fulfil();
        await server.got('puback');
        await server.got('pubrec', 5);
        assert.equal(broker.counts.unsettled, 0);
        assert.equal(subscriber.deliveries.length, 0);
      });

      it('another message with an identifier that is not released is delivered: the broker forgot the exchange', async () => {
        const { server, broker, subscriber } = await subscribed(protocolVersion);
        server.send(publish(5, { qos: 2 }), publish(5, { qos: 2, text: 'another' }));
        const [one, other] = [await subscriber.next(), await subscriber.next()];
        assert.deepEqual([one.text, other.text], ['message 5', 'another']);
        other.fulfil();
        await server.got('pubrec');
        one.fulfil();
        await until('both are settled', () => broker.counts.unsettled === 0);
        server.send({ cmd: 'pubrel', messageId: 5 });
        await server.got('pubcomp');
        assert.deepEqual(server.ids('pubrec'), [5]);
      });

      it('a PUBLISH without DUP on a new connection is the same message if its content is, else another', async () => {
        const { server, broker, subscriber } = await subscribed(protocolVersion);
        server.send(publish(5, { qos: 2 }), publish(6, { qos: 2 }));
        (await subscriber.next()).fulfil();
        (await subscriber.next()).fulfil();
        await server.got('pubrec', 2);
        server.cut();
        await until('away', () => broker.connection.state === 'waiting');
        await server.got('connect', 2);
        server.send(publish(5, { qos: 2 }), publish(6, { qos: 2, text: 'another' }));
        assert.equal((await subscriber.next()).text, 'another');
        await server.got('pubrec', 3);
        assert.deepEqual(server.ids('pubrec'), [5, 6, 5]);
      });

      it('a PUBLISH without DUP after PUBREL is a new message, though PUBCOMP has not left', async () => {
        const { server, broker, subscriber } = await scripted(protocolVersion);
        const ends: (() => void)[] = [];
        subscriber.released = () => new Promise((resolve) => ends.push(resolve));
        broker.subscribe(subscriber);
        broker.connect();
        await server.got('subscribe');
        server.send(publish(5, { qos: 2 }));
        (await subscriber.next()).fulfil();
        await server.got('pubrec');
        server.send({ cmd: 'pubrel', messageId: 5 }, publish(5, { qos: 2 }), publish(6));
        assert.equal((await subscriber.next()).text, 'message 6', 'what has the same name waits for the end');
        ends[0]?.();
        assert.equal((await subscriber.next()).text, 'message 5');
      });

      it('an earlier process may have handled what comes first, also without DUP, until the broker has caught up', async () => {
        const { server, subscriber } = await subscribed(protocolVersion, 'pingreq');
        await server.got('pingreq');
        server.send(publish(5, { qos: 2 }), { cmd: 'pubrel', messageId: 6 }, publish(6, { qos: 2 }));
        const [again, released] = [await subscriber.next(), await subscriber.next()];
        server.send({ cmd: 'pingresp' }, publish(7, { qos: 2 }), publish(8, { qos: 2, dup: true }));
        const [anew, marked] = [await subscriber.next(), await subscriber.next()];
        assert.deepEqual(
          [again, released, anew, marked].map(({ message }) => message.dup),
          [true, false, false, true],
        );
      });

      it('in a new session no message was handled by an earlier process', async () => {
        const { server, subscriber } = await subscribed(protocolVersion, undefined, false);
        server.send(publish(5, { qos: 2 }), publish(6, { qos: 2, dup: true }));
        const messages = [await subscriber.next(), await subscriber.next()];
        assert.deepEqual(
          messages.map(({ message }) => message.dup),
          [false, false],
        );
      });
    });
  }
});
