import assert from 'node:assert/strict';
import { OptionsError } from '../../../src/base/errors.ts';
import { brokerAddress } from '../../../src/mqtt/address.ts';
import { brokerOptions, type BrokerOptions, brokerUrl, clientOptions } from '../../../src/mqtt/options.ts';

describe("a broker's options", () => {
  const options = (given: Partial<BrokerOptions>) => brokerOptions({ clean_session: true, ...given });

  it('have defaults, also for undefined values', () => {
    assert.equal(brokerUrl(options({ port: undefined })), 'mqtt://localhost:1883');
  });

  it('list every mistake, each with the name of its option', () => {
    const wrong = {
      broker: { host: 'a' },
      port: 70_000,
      keepalive: -1,
      clean_session: 0,
      reconnect_retries: 0.5,
      reconnect_delay: 0,
      protocol: 3,
      window: 0,
      qos0_buffer: -1,
      qos0_drop: 'all',
    } as unknown as BrokerOptions;
    assert.throws(
      () => brokerOptions(wrong),
      (error: OptionsError) => {
        const names = error.mistakes.map((mistake) => mistake.split('`')[1]);
        assert.deepEqual(new Set(names), new Set(Object.keys(wrong)));
        assert.ok(error.mistakes.every((mistake) => / must be /.test(mistake)));
        return error instanceof OptionsError;
      },
    );
  });

  it('need a client_id for a persistent session', () => {
    assert.throws(() => brokerOptions({}), /`client_id` must not be empty without `clean_session`/);
    assert.equal(brokerOptions({ client_id: 'a' }).clean_session, false);
  });

  it('must not have a password in the address, where it would be shown', () => {
    assert.throws(() => options({ broker: 'mqtt://joe:secret@h' }), /must not hold the user or password/);
  });

  it('MQTT 3.1.1 needs a username for a password', () => {
    assert.throws(() => options({ password: 'x' }), {
      mistakes: ['`password` needs a `username` in MQTT 3.1.1'],
    });
    assert.equal(options({ password: 'x', protocol: 5 }).password, 'x');
  });

  const addresses: [string, object | undefined][] = [
    ['localhost', { scheme: 'mqtt', host: 'localhost' }],
    [' broker_1.local ', { scheme: 'mqtt', host: 'broker_1.local' }],
    ['10.0.0.1', { scheme: 'mqtt', host: '10.0.0.1' }],
    ['host:1884', { scheme: 'mqtt', host: 'host', port: 1884 }],
    ['::1', { scheme: 'mqtt', host: '::1' }],
    ['mqtt://[fe80::1]:1884', { scheme: 'mqtt', host: 'fe80::1', port: 1884 }],
    ['tcp://h', { scheme: 'mqtt', host: 'h' }],
    ['MQTTS://h:8884', { scheme: 'mqtts', host: 'h', port: 8884 }],
    ['ssl://h', { scheme: 'mqtts', host: 'h' }],
    ['ws://h/mqtt?a=b', { scheme: 'ws', host: 'h', path: '/mqtt?a=b' }],
    ['wss://h', { scheme: 'wss', host: 'h', path: '/' }],
    ['', undefined],
    ['a b', undefined],
    ['http://h', undefined],
    ['mqtt://', undefined],
    ['mqtt://h:99999', undefined],
    ['constructor://h', undefined],
  ];
  for (const [broker, address] of addresses) {
    it(`broker "${broker}" ${address ? 'is valid' : 'is invalid'}`, () => {
      assert.deepEqual(brokerAddress(broker), address);
    });
  }

  it('select the right scheme and port', () => {
    const url = (given: Partial<BrokerOptions>) => brokerUrl(options(given));
    assert.equal(url({ tls: {} }), 'mqtts://localhost:8883');
    assert.equal(url({ port: 1884, tls: {} }), 'mqtts://localhost:1884');
    assert.equal(url({ broker: 'mqtt://h:1885', port: 1884 }), 'mqtt://h:1885');
    assert.equal(url({ broker: 'ws://h', tls: {} }), 'wss://h:443');
    assert.equal(url({ broker: '::1' }), 'mqtt://[::1]:1883');
  });

  it('disable reconnecting and resubscribing in mqtt.js', () => {
    const { reconnectPeriod, resubscribe } = clientOptions(options({}), {
      clientId: 'c',
      connectTimeout: 30,
    });
    assert.deepEqual({ reconnectPeriod, resubscribe }, { reconnectPeriod: 0, resubscribe: false });
  });
});
