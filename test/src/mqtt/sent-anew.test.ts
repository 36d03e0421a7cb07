import assert from 'node:assert/strict';
import { parser, type Packet } from 'mqtt-packet';
import { closing } from '../../helpers/closing.ts';
import { manualSubscriber } from '../../helpers/manual-subscriber.ts';
import { startMosquitto } from '../../helpers/mosquitto.ts';
import { openProxy } from '../../helpers/proxy.ts';
import { publisher } from '../../helpers/publisher.ts';
import { openReporting } from '../../helpers/reporting-broker.ts';
import { describeWith } from '../../helpers/requires.ts';
import { startScriptedBroker } from '../../helpers/scripted-broker.ts';
import { until } from '../../helpers/until.ts';

describeWith(['mosquitto'], 'a message that mosquitto sends again after PUBREL', () => {
  const later = closing();

  it('is delivered once, although the connection broke while mosquitto answered CONNECT', async () => {
    const server = await startMosquitto();
    later(() => server.stop());
    const seen: Packet['cmd'][] = [];
    const watch = () => {
      const packets = parser();
      packets.on('packet', ({ cmd }) => seen.push(cmd));
      return { fromClient: (data: Buffer) => packets.parse(data), fromTarget: () => undefined };
    };
    const proxy = await openProxy(() => server.port, watch);
    later(() => proxy.close());
    const isSeen = (cmd: Packet['cmd']) => seen.includes(cmd);

    const subscriber = manualSubscriber({ filter: 'once' });
    // Hold PUBCOMP back until the connection is cut, so that mosquitto never gets it.
    let answer = () => undefined as void;
    const isCut = new Promise<void>((resolve) => (answer = resolve));
    subscriber.released = () => isCut;
    const { broker, states } = openReporting(proxy, { clean_session: false, reconnect_delay: 0.1 });
    later(() => broker.close());
    broker.subscribe(subscriber);
    broker.connect();
    await until('subscribed', () => subscriber.states.length === 1);
    const client = await publisher(server);
    later(() => client.endAsync(true));
    await client.publishAsync('once', 'x', { qos: 2 });
    (await subscriber.next()).fulfil();
    await until('PUBREC was sent', () => isSeen('pubrec'));
    await until('PUBREL came', () => broker.counts.unsettled === 0);

    server.process.kill('SIGSTOP');
    seen.length = 0;
    proxy.cut();
    await until('CONNECT was sent again', () => isSeen('connect'));
    answer();
    proxy.cut();
    server.process.kill('SIGCONT');
    await until('connected again', () => states().filter((state) => state === 'connected').length === 2);
    await until('it was answered', () => isSeen('pubcomp'));
    await client.publishAsync('once', 'another', { qos: 2 });
    assert.equal((await subscriber.next()).text, 'another');
  });
});

describe('a connection that is closed while its broker answers CONNECT', () => {
  const later = closing();

  it('waits for the answer, and sends DISCONNECT', async () => {
    let isSilent = true;
    const server = await startScriptedBroker({ ignores: () => (isSilent ? 'connect' : 'pingreq') });
    later(() => server.stop());
    const { broker } = openReporting(server);
    broker.connect();
    await server.got('connect');
    isSilent = false;
    const closed = broker.close();
    server.send({ cmd: 'connack', sessionPresent: false, returnCode: 0 });
    await closed;
    await server.got('disconnect');
  });
});
