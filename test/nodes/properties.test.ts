import assert from 'node:assert/strict';
import { rules as enqueue } from '../../nodes/fp-enqueue/properties.ts';
import { rules as mqttConfig } from '../../nodes/fp-mqtt-config/properties.ts';
import { rules as queueConfig } from '../../nodes/fp-queue-config/properties.ts';
import { rules as subscribe } from '../../nodes/fp-subscribe/properties.ts';
import type { OptionsError } from '../../src/index.ts';
import { mistakeIn } from '../../src/options/rule.ts';
import { readProperties } from '../../nodes/properties.ts';

describe('node properties', () => {
  it('numbers are stored as text by the editor and read as numbers', () => {
    const properties = readProperties(mqttConfig, { port: '8883', protocol: '5' });
    assert.equal(properties.port, 8883);
    assert.equal(properties.protocol, 5);
  });

  it('an empty field stands for its default', () => {
    const properties = readProperties(mqttConfig, {
      broker: '',
      port: '',
      keepalive: '',
      reconnect_retries: '',
    });
    assert.equal(properties.broker, 'localhost');
    assert.equal(properties.port, undefined);
    assert.equal(properties.keepalive, 60);
    assert.equal(properties.reconnect_retries, undefined);
  });

  it('every mistake is listed with its property and what would be right', () => {
    const read = () => readProperties(subscribe, { broker: '', topic: 'a/#/b', qos: '3' });
    assert.throws(read, (error: OptionsError) => {
      assert.equal(error.mistakes.length, 3);
      assert.match(error.message, /`broker` needs a broker/);
      assert.match(error.message, /`topic` .*#/);
      return /`qos` must be 0, 1 or 2, found 3/.test(error.message);
    });
  });

  for (const broker of ['localhost', '10.0.0.7', 'mqtts://broker.example:8883', 'ws://h/mqtt']) {
    it(`${broker} is a broker`, () =>
      assert.equal(mistakeIn(mqttConfig.broker, 'broker', { broker }), undefined));
  }

  for (const broker of ['http://h', 'mqtt://', 'my broker', 'mqtt://user:secret@h']) {
    it(`${broker} is no broker`, () =>
      assert.match(mistakeIn(mqttConfig.broker, 'broker', { broker }) ?? '', /must/));
  }

  it('a password in an address is refused: it would be exported with the flow', () => {
    const url = 'redis://:secret@localhost:6379';
    assert.match(mistakeIn(queueConfig.redis_url, 'url', { url }) ?? '', /field of its own/);
  });

  it('a fixed number is checked, a property of the message is not', () => {
    const priority = 'payload.urgency';
    assert.equal(mistakeIn(enqueue.priority, 'priority', { priority, priority_type: 'msg' }), undefined);
    assert.match(
      mistakeIn(enqueue.priority, 'priority', { priority, priority_type: 'num' }) ?? '',
      /whole number/,
    );
  });
});
