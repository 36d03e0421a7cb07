import type { NodeAPI } from 'node-red';
import { openDecoder, type Connection, type DecodeOptions, type SubscriptionState } from '../../src/index.ts';
import { sharedBy } from '../config-node.ts';
import type { MqttConfig } from '../fp-mqtt-config/fp-mqtt-config.ts';
import type { QueueConfig } from '../fp-queue-config/fp-queue-config.ts';
import { inUserDir } from '../in-user-dir.ts';
import type { Properties } from '../properties.ts';
import { registerNode, type Opening } from '../register-node.ts';
import { openSettlement } from '../settlement/settlement.ts';
import { Intake } from './intake.ts';
import { rules } from './properties.ts';
import { subscribeStatus } from './subscribe-status.ts';

export default function register(RED: NodeAPI): void {
  registerNode(RED, { type: 'fp-subscribe', rules, open });
}

function open({ RED, node, properties, status, onClose }: Opening<typeof rules>): void {
  const { topic, qos, pipeline, execution_mode } = properties;
  const config = sharedBy<MqttConfig>(RED, properties.broker, 'broker');
  const queue = properties.queue ? sharedBy<QueueConfig>(RED, properties.queue, 'queue') : undefined;
  const settlement = openSettlement(RED, node);
  onClose(() => settlement.close());
  const counter = config.counts.open({ topic, pipeline, qos, execution_mode });
  onClose(() => counter.close());
  const decoder = openDecoder(decoding(RED, properties));
  onClose(() => decoder.close());
  const intake = new Intake({
    node,
    properties,
    settlement,
    counter,
    decoder,
    isQueueEnabled: () => queue?.enabled ?? true,
  });

  let connection: Connection = { state: 'connecting' };
  let subscription: SubscriptionState = { state: 'pending' };
  const show = () => {
    const [stuck, postponed] = [intake.stuck(), intake.postponed()];
    status.show(subscribeStatus(connection, subscription, { counter, stuck, postponed }));
  };
  const looking = setInterval(show, 3000);
  onClose(() => clearInterval(looking));
  const { broker, release } = config.use((changed) => {
    connection = changed;
    show();
  });
  onClose(release);
  const subscribed = broker.subscribe({
    id: node.id,
    filter: topic,
    qos,
    async receive(message) {
      await intake.receive(message).finally(show);
    },
    released: (exchange) => intake.released(exchange),
    onDrop: show,
    onState(changed) {
      if (changed.state === 'refused') node.error(`the broker refuses the topic ${topic}: ${changed.reason}`);
      subscription = changed;
      show();
    },
  });
  counter.countDrops(() => subscribed.dropped);
  onClose(async (removed) => {
    subscribed.close(removed);
    await intake.stop();
  });
}

function decoding(RED: NodeAPI, properties: Properties<typeof rules>): DecodeOptions {
  const { deserialization_format, max_payload, proto_file, proto_message } = properties;
  return {
    format: deserialization_format,
    maximumSize: max_payload * 1024,
    ...(proto_file && { proto_file: inUserDir(RED, proto_file) }),
    proto_message,
  };
}
