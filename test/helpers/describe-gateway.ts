import type { MqttClient } from 'mqtt';
import { broker } from './flow.ts';
import { sharedMosquitto } from './mosquitto.ts';
import { sharedNodeRed, type FlowNode, type TestNodeRed } from './node-red.ts';
import { publisher } from './publisher.ts';
import { describeWith } from './requires.ts';
import { unique } from './unique.ts';

/** Helpers for tests of flows that start at a broker. */
export interface Gateway {
  red: TestNodeRed;
  client: MqttClient;
  /** Unique to the test. */
  topic: string;
  /** A broker node with its own persistent session. */
  session: FlowNode;
  /** Publishes numbers at QoS 1 in order. */
  publish(...numbers: number[]): Promise<void>;
}

/** Defines a suite with mosquitto and a Node-RED, whose flows are removed after each test. */
export function describeGateway(title: string, suite: (gateway: Gateway) => void): void {
  describeWith(['mosquitto', 'redis'], title, () => {
    const gateway = {
      async publish(...numbers) {
        const { client, topic } = gateway;
        for (const number of numbers) await client.publishAsync(topic, `${number}`, { qos: 1 });
      },
    } as Gateway;
    before(async () => {
      gateway.red = await sharedNodeRed();
      gateway.client = await publisher(sharedMosquitto());
    });
    after(() => gateway.client.endAsync());
    beforeEach(() => {
      gateway.topic = unique('topic');
      gateway.session = broker(sharedMosquitto(), { clean_session: false });
    });
    afterEach(() => gateway.red.deploy([]));
    suite(gateway);
  });
}
