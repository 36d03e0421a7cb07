import type { MqttClient } from 'mqtt';
import { broker } from './flow.ts';
import { sharedMosquitto } from './mosquitto.ts';
import { sharedNodeRed, type FlowNode, type TestNodeRed } from './node-red.ts';
import { publisher } from './publisher.ts';
import { describeWith } from './requires.ts';
import { unique } from './unique.ts';

/** What a test of a flow that begins at a broker works with. */
export interface Gateway {
  red: TestNodeRed;
  client: MqttClient;
  /** Of the test's own. */
  topic: string;
  /** A broker node with a persistent session of the test's own. */
  session: FlowNode;
  /** Publishes numbers at QoS 1, one after the other. */
  publish(...numbers: number[]): Promise<void>;
}

/** A suite with mosquitto and a Node-RED, whose flows are taken away after each test. */
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
