import type { NodeAPI, NodeDef } from 'node-red';
import { openDecoder, type Connection, type DecodeOptions, type SubscriptionState } from '../../src/index.ts';
import { sharedBy, type ConfigNode } from '../config-node.ts';
import type { MqttConfig } from '../fp-mqtt-config/fp-mqtt-config.ts';
import { inUserDir } from '../in-user-dir.ts';
import { valueOr, type Properties } from '../properties.ts';
import { registerNode, type Broken, type Opening } from '../register-node.ts';
import { openSettlement } from '../settlement/settlement.ts';
import { MessageRunner } from './message-runner.ts';
import { rules } from './properties.ts';
import { tellWaiting } from '../tell-waiting.ts';
import { subscribeStatus } from './subscribe-status.ts';

export default function register(RED: NodeAPI): void {
  registerNode(RED, { type: 'fp-subscribe', rules, open, reserve });
}

function open({ RED, node, properties, status, onClose }: Opening<typeof rules>): void {
  const { topic, qos, pipeline, execution_mode } = properties;
  const config = sharedBy<MqttConfig>(RED, properties.broker, 'broker');
  const settlement = openSettlement(RED, node);
  onClose(() => settlement.close());
  const counter = config.counts.open({ topic, pipeline, qos, execution_mode });
  onClose(() => counter.close());
  const decoder = openDecoder(decoding(RED, properties));
  onClose(() => decoder.close());
  const runner = new MessageRunner({
    node,
    properties,
    settlement,
    counter,
    decoder,
  });
  const holdUp = () => {
    const stuck = runner.stuck();
    return stuck && { topic, ...stuck };
  };
  onClose(config.holdUps.add(holdUp));

  let connection: Connection = { state: 'connecting' };
  let subscription: SubscriptionState = { state: 'pending' };
  const now = () => {
    const [stuck, postponed] = [runner.stuck(), runner.postponed()];
    const heldUpBy = qos > 0 ? config.holdUps.oldest() : undefined;
    return subscribeStatus(connection, subscription, { counter, stuck, postponed, heldUpBy });
  };
  const show = () => status.show(now);
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
    largestPayload: properties.max_payload * 1024,
    async receive(message) {
      await runner.receive(message).finally(show);
    },
    released: (exchange) => runner.released(exchange),
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
    await tellWaiting({ node, status }, () => runner.holders(), runner.stop());
  });
}

/**
 * The broker goes on to send what the session subscribed to: it has to wait for a node that did not open. Where the node
 * does not say which connection is its own, it may be any.
 */
function reserve({ RED, node, stored, onClose }: Broken): void {
  const filter = valueOr(rules.topic, ['topic', stored], undefined);
  const qos = valueOr(rules.qos, ['qos', stored], 2);
  const own = connectionOf(RED, String(stored['broker']));
  for (const config of own ? [own] : allConnections(RED)) {
    onClose(config.reserve({ id: node.id, filter: own && filter, qos }));
  }
}

function connectionOf(RED: NodeAPI, id: string): MqttConfig | undefined {
  return (RED.nodes.getNode(id) as ConfigNode<MqttConfig> | null)?.shared;
}

function allConnections(RED: NodeAPI): MqttConfig[] {
  const found: (MqttConfig | undefined)[] = [];
  RED.nodes.eachNode(({ id, type }: NodeDef) => {
    if (type === 'fp-mqtt-config') found.push(connectionOf(RED, id));
  });
  return found.filter((config) => config !== undefined);
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
