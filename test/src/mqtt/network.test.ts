import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import {
  openBroker,
  testConnection,
  type BrokerOptions,
  type BrokerTiming,
  type Connection,
} from '../../../src/index.ts';
import { selfSigned } from '../../helpers/certificate.ts';
import { closing } from '../../helpers/closing.ts';
import { manualSubscriber } from '../../helpers/manual-subscriber.ts';
import { sharedMosquitto, startMosquitto } from '../../helpers/mosquitto.ts';
import { publisher } from '../../helpers/publisher.ts';
import { openReporting } from '../../helpers/reporting-broker.ts';
import { describeWith } from '../../helpers/requires.ts';
import { publish, startScriptedBroker } from '../../helpers/scripted-broker.ts';
import { freePort } from '../../helpers/servers.ts';
import { until } from '../../helpers/until.ts';

const text = (value: unknown) => JSON.stringify(value);

describe('bytes from the network', () => {
  const later = closing();

  function open(port: number, more: Partial<BrokerOptions> = {}, timing: Partial<BrokerTiming> = {}) {
    const opened = openReporting({ port }, more, timing);
    later(() => opened.broker.close());
    const subscriber = manualSubscriber();
    opened.broker.subscribe(subscriber);
    opened.broker.connect();
    return { ...opened, subscriber };
  }

  for (const protocolVersion of [4, 5] as const) {
    const garbage: [string, number[]][] = [
      ['random bytes', [0xde, 0xad, 0xbe, 0xef, 0x00, 0xff, 0x13, 0x37]],
      ['a PUBLISH at QoS 3', [0x36, 0x05, 0x00, 0x01, 0x61, 0x00, 0x01]],
      ['a PUBLISH without topic', [0x32, 0x00]],
      ['a length that never ends', [0x30, 0xff, 0xff, 0xff, 0xff, 0xff]],
      ['a second CONNACK', protocolVersion === 5 ? [0x20, 3, 0, 0, 0] : [0x20, 2, 0, 0]],
    ];
    for (const [what, bytes] of garbage) {
      it(`${what}: ends the connection and reconnects, protocol ${protocolVersion}`, async () => {
        const server = await startScriptedBroker({ protocolVersion });
        later(() => server.stop());
        const { subscriber, reports } = open(server.port, { protocol: protocolVersion });
        await server.got('subscribe');
        server.write(Buffer.from(bytes));
        await server.got('subscribe', 2);
        assert.deepEqual(
          reports.map(({ state }) => state),
          ['connecting', 'connected', 'waiting', 'connected'],
        );
        server.send(publish(1));
        (await subscriber.next()).fulfil();
        await server.got('puback');
      });
    }

    it(`survives a PUBREL without identifier, protocol ${protocolVersion}`, async () => {
      const server = await startScriptedBroker({ protocolVersion });
      later(() => server.stop());
      const { subscriber } = open(server.port, { protocol: protocolVersion });
      await server.got('subscribe');
      server.write(Buffer.from([0x62, 0x00]));
      server.send(publish(1));
      (await subscriber.next()).fulfil();
      await server.got('puback');
    });

    it(`pauses a broker that sends more than 32 MiB, protocol ${protocolVersion}`, async () => {
      const server = await startScriptedBroker({ protocolVersion });
      later(() => server.stop());
      const { broker, subscriber } = open(server.port, { protocol: protocolVersion, window: 1000 });
      await server.got('subscribe');
      const large = { text: 'x'.repeat(4_194_304) };
      server.send(...Array.from({ length: 20 }, (_, i) => publish(i + 1, large)));
      await until('as many as may be unsettled', () => subscriber.deliveries.length === 9);
      await new Promise((resolve) => setTimeout(resolve, 200));
      assert.equal(broker.counts.unsettled, 9, 'one more is how it knows');
      for (let i = 0; i < 20; i++) (await subscriber.next()).fulfil();
      await server.got('puback', 20);
    });

    it(`pauses a broker that exceeds the window, and keeps the connection, protocol ${protocolVersion}`, async () => {
      const server = await startScriptedBroker({ protocolVersion });
      later(() => server.stop());
      const more = { protocol: protocolVersion, window: 5, keepalive: 1 };
      const { broker, subscriber, reports } = open(server.port, more);
      await server.got('subscribe');
      server.send(...Array.from({ length: 20 }, (_, i) => publish(i + 1, { qos: i % 2 ? 1 : 2 })));
      await server.got('pingreq', 4);
      assert.equal(subscriber.deliveries.length, 6, 'one more is how it knows');
      assert.equal(broker.counts.unsettled, 6);
      for (let i = 0; i < 20; i++) (await subscriber.next()).fulfil();
      await server.got('puback', 10);
      await server.got('pubrec', 10);
      assert.deepEqual(
        reports.map(({ state }) => state),
        ['connecting', 'connected'],
      );
    });
  }

  it('protocol 5 tells the broker the window, and how long a session without clean_session stays', async () => {
    const server = await startScriptedBroker({ protocolVersion: 5 });
    later(() => server.stop());
    open(server.port, { protocol: 5, window: 7, clean_session: false, client_id: 'me' });
    const [connect] = await server.got('connect');
    assert.ok(connect?.cmd === 'connect');
    assert.deepEqual({ ...connect.properties }, { receiveMaximum: 7, sessionExpiryInterval: 604_800 });
    assert.deepEqual([connect.clientId, connect.clean], ['me', false]);
  });

  it('protocol 5 tells the broker how large a packet may be, and anew when a subscription takes larger ones', async () => {
    const server = await startScriptedBroker({ protocolVersion: 5 });
    later(() => server.stop());
    const { broker } = openReporting(server, { protocol: 5, reconnect_delay: 0.1 });
    later(() => broker.close());
    const announced = async (count: number) => {
      const connect = (await server.got('connect', count)).at(-1);
      return connect?.cmd === 'connect' ? connect.properties?.maximumPacketSize : undefined;
    };
    broker.subscribe(manualSubscriber({ largestPayload: 1000 }));
    broker.subscribe(manualSubscriber({ filter: 'b', largestPayload: 5000 }));
    broker.connect();
    assert.equal(await announced(1), 10_000 + 131_072);
    await server.got('subscribe');
    broker.subscribe(manualSubscriber({ filter: 'c', largestPayload: 4000 }));
    await server.got('subscribe', 3);
    broker.subscribe(manualSubscriber({ filter: 'd', largestPayload: 6000 }));
    assert.equal(await announced(2), 12_000 + 131_072);
  });

  for (const protocol of [4, 5] as const) {
    it(`a packet that no subscription could take ends the connection before it is in memory, protocol ${protocol}`, async () => {
      const server = await startScriptedBroker({ protocolVersion: protocol });
      later(() => server.stop());
      const { broker, reports } = openReporting(server, { protocol, reconnect_delay: 60 });
      later(() => broker.close());
      broker.subscribe(manualSubscriber({ largestPayload: 1024 }));
      broker.connect();
      await server.got('subscribe');
      // PUBLISH of 200 MiB, whose length comes in two pieces.
      server.write(Buffer.from([0x32, 0x80, 0x80]));
      server.write(Buffer.from([0x80, 0x64, 0, 1, 0x61]));
      await until('it is told', () => reports.at(-1)?.state === 'waiting');
      assert.match(
        JSON.stringify(reports.at(-1)),
        /a message of 200\.0 MiB, .*remove the message at the broker/,
      );
    });
  }

  it("protocol 5: reports the broker's reason when it ends the connection", async () => {
    const server = await startScriptedBroker({ protocolVersion: 5 });
    later(() => server.stop());
    const { reports } = open(server.port, { protocol: 5, reconnect_delay: 60 });
    await server.got('subscribe');
    server.send({ cmd: 'disconnect', reasonCode: 142, properties: { reasonString: 'another you' } });
    server.cut();
    await until('told', () => reports.length === 3);
    assert.equal(reports[2]?.state, 'waiting');
    assert.match(text(reports[2]), /another you \(Session taken over, 142\): .*same client_id/);
  });

  it('a broker with another protocol version is reported as failed', async () => {
    const server = await startScriptedBroker({ connack: () => ({ returnCode: 1 }) });
    later(() => server.stop());
    const { reports } = open(server.port, { protocol: 5 });
    await until('told', () => reports.at(-1)?.state === 'failed');
    assert.match(
      text(reports.at(-1)),
      /Unacceptable protocol version \(1\): choose the other protocol version/,
    );
  });

  it('a server that accepts but never answers times out', async () => {
    // A server that does not read would not see the connection end.
    const server = createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    later(() => server.close());
    const { reports } = open((server.address() as AddressInfo).port, {}, { connectTimeout: 0.1 });
    await until('waiting', () => reports.at(-1)?.state === 'waiting');
    assert.match(text(reports.at(-1)), /did not answer in time: is it an MQTT broker/);
  });
});

describeWith(['mosquitto'], 'ways to reach mosquitto', () => {
  const later = closing();

  it('a WebSocket carries messages and acknowledgements', async () => {
    const port = await freePort();
    const config = ['allow_anonymous true', `listener ${port} 127.0.0.1`, 'protocol websockets'];
    const server = await startMosquitto({ config });
    later(() => server.stop());
    const broker = openBroker({ clean_session: true, broker: `ws://127.0.0.1:${port}/mqtt` });
    later(() => broker.close());
    const subscriber = manualSubscriber({ filter: 'ws' });
    broker.subscribe(subscriber);
    broker.connect();
    await until('subscribed', () => subscriber.states.length === 1);
    const client = await publisher(server);
    later(() => client.endAsync(true));
    // More messages than mosquitto sends without acknowledgements.
    const sent = Array.from({ length: 25 }, (_, i) => client.publishAsync('ws', `${i}`, { qos: 1 }));
    await Promise.all(sent);
    for (let i = 0; i < 25; i++) (await subscriber.next()).fulfil();
  });

  it('testing a connection reports success, and does not affect a running session', async () => {
    const server = sharedMosquitto();
    const reports: Connection[] = [];
    const options = { broker: '127.0.0.1', port: server.port, client_id: 'running', clean_session: false };
    const broker = openBroker(options, { onConnection: (report) => reports.push(report) });
    later(() => broker.close());
    broker.connect();
    await until('connected', () => reports.at(-1)?.state === 'connected');
    const url = `mqtt://127.0.0.1:${server.port}`;
    assert.equal(await testConnection(options), `Connected to ${url} with MQTT 3.1.1.`);
    assert.equal(await testConnection({ ...options, protocol: 5 }), `Connected to ${url} with MQTT 5.0.`);
    assert.equal(reports.at(-1)?.state, 'connected');
  });

  it('testing a connection rejects with the reason', async () => {
    const server = await startMosquitto({ config: ['allow_anonymous false'] });
    later(() => server.stop());
    await assert.rejects(testConnection({ broker: '127.0.0.1', port: server.port }), /Not authorized \(5\)/);
    await assert.rejects(
      testConnection({ broker: '127.0.0.1', port: await freePort() }),
      /is the broker running/,
    );
    await assert.rejects(
      testConnection({ broker: 'a b', port: 0 }),
      /`broker` must not contain spaces; `port` must be/,
    );
    await assert.rejects(testConnection({ broker: 'nowhere.invalid' }), /is the host name right|name server/);
  });
});

describeWith(['mosquitto', 'openssl'], 'mosquitto over TLS', () => {
  const later = closing();

  it('an untrusted certificate is reported as failed, a trusted one connects', async () => {
    const { key, cert } = selfSigned();
    const config = ['allow_anonymous true', `certfile ${cert}`, `keyfile ${key}`];
    const server = await startMosquitto({ config });
    later(() => server.stop());
    const options = { broker: '127.0.0.1', port: server.port };
    await assert.rejects(testConnection({ ...options, tls: {} }), /self-signed.*check the TLS settings/);
    const trusting = { ...options, tls: { ca: readFileSync(cert) } };
    assert.match(await testConnection(trusting), /Connected to mqtts/);
    const careless = { ...options, tls: { rejectUnauthorized: false } };
    assert.match(await testConnection(careless), /Connected to mqtts/);
  });
});
