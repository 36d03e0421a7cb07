/** The two places where foreign nodes stand: on the way to a queue, and behind a worker. */
import { connectAsync } from 'mqtt';
import type { StoreOptions } from '../../../src/index.ts';
import { broker, catcher, enqueue, queue, sink, subscribe, worker } from '../../helpers/flow.ts';
import type { FlowNode, TestNodeRed } from '../../helpers/node-red.ts';
import { probe } from '../../helpers/test-nodes.ts';
import { unique } from '../../helpers/unique.ts';
import type { WatchedBroker } from './watched-broker.ts';

export interface Place {
  /** The nodes around those of a row, whose first node is `first`; what `end` sends goes to `last`. */
  nodes: (first: string) => FlowNode[];
  last: string;
  /** Sends messages once the flow runs. */
  send(red: TestNodeRed, payloads: unknown[]): Promise<void>;
  /** Calls the listener when a delivery of a running flow has settled. */
  onSettled(red: TestNodeRed, listener: () => void): void;
  /** How many deliveries failed. */
  failures(): number;
}

/** A delivery settles when its PUBACK arrives at the broker. A failure is what a Catch node gets. */
export function beforeEnqueue(store: StoreOptions, mqtt: WatchedBroker): Place {
  const topic = unique('topic');
  const client = unique('client');
  const caught = probe('caught');
  return {
    nodes: (first) => [
      broker(mqtt, { client_id: client }),
      queue(store),
      subscribe(topic, [first], { qos: '1', deserialization_format: 'json' }),
      enqueue(['reached']),
      catcher(['caught']),
      sink('caught'),
    ],
    last: 'enqueue',
    async send(_red, payloads) {
      await mqtt.untilSubscribed(client);
      const publisher = await connectAsync(`mqtt://127.0.0.1:${mqtt.port}`);
      for (const payload of payloads)
        await publisher.publishAsync(topic, JSON.stringify(payload), { qos: 1 });
      await publisher.endAsync();
    },
    onSettled: (_red, listener) => mqtt.onAcknowledged(client, listener),
    failures: () => caught.messages.length,
  };
}

/** A delivery settles when its job is completed or a dead letter. */
export function behindWorker(store: StoreOptions): Place {
  const dead = probe('dead');
  return {
    nodes: (first) => [
      queue(store),
      enqueue([], { pipeline: 'pipe', pipeline_type: 'str' }),
      worker([first, 'completed', 'dead']),
      sink('completed'),
      sink('dead'),
    ],
    last: 'reached',
    async send(red, payloads) {
      for (const payload of payloads) red.node('enqueue').receive({ payload });
    },
    onSettled(red, listener) {
      for (const id of ['completed', 'dead']) red.node(id).on('input', listener);
    },
    failures: () => dead.messages.length,
  };
}
