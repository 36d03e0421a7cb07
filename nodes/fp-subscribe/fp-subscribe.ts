import type { NodeAPI, NodeMessage } from 'node-red';
import {
  BlockedError,
  decodeOptionsOf,
  MessageRunner,
  openDecoder,
  type Connection,
  type Message,
  type MessageContext,
  type ReceivedMessage,
  type SubscriptionState,
} from '../../src/index.ts';
import { sharedBy, startedConfigs, type ConfigNode } from '../config-node.ts';
import type { MqttConfig } from '../fp-mqtt-config/fp-mqtt-config.ts';
import { valueOr } from '../properties.ts';
import { registerNode, type Broken, type Opening } from '../register-node.ts';
import { openSettlement } from '../settlement/settlement.ts';
import { inUserDir, tracingOf } from '../settings.ts';
import { RunningDeliveries } from '../running-deliveries.ts';
import { tellWaiting } from '../tell-waiting.ts';
import { outputFor } from './outputs.ts';
import { rules } from './properties.ts';
import { subscribeStatus } from './subscribe-status.ts';

export default function register(RED: NodeAPI): void {
  registerNode(RED, { type: 'fp-subscribe', rules, open, reserve });
}

function open(opening: Opening<typeof rules>): void {
  const { RED, node, properties, status, onClose } = opening;
  const { topic, qos } = properties;
  const config = sharedBy<MqttConfig>(RED, properties.broker, 'broker');
  const { running, runner, counter } = openRunner(opening, config);
  const holdUp = () => {
    const stuck = running.stuck();
    return stuck && { topic, ...stuck };
  };
  onClose(config.holdUps.add(holdUp));

  let connection: Connection = { state: 'connecting' };
  let subscription: SubscriptionState = { state: 'pending' };
  const now = () => {
    const [stuck, postponed] = [running.stuck(), running.blocked()?.message ?? runner.postponed];
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
    runner.stop();
    await tellWaiting({ node, status }, () => running.holders(), running.stop());
  });
}

/** Opens what takes messages in and sends them into the flow. */
function openRunner({ RED, node, properties, onClose }: Opening<typeof rules>, { counts }: MqttConfig) {
  const { topic, qos, pipeline, execution_mode, timeout } = properties;
  const settlement = openSettlement(RED, node);
  onClose(() => settlement.close());
  const counter = counts.open({ topic, pipeline, qos, execution_mode });
  onClose(() => counter.close());
  const decoder = openDecoder(decodeOptionsOf(properties, (path) => inUserDir(RED, path)));
  onClose(() => decoder.close());
  const running = new RunningDeliveries();
  const onBlocked = ({ message }: Error) => runner.postpone(message);
  const runFlow = async (message: ReceivedMessage, context: MessageContext) => {
    const output = outputFor(message.executionMode, properties);
    const unconnected = settlement.whyUnconnected(output);
    if (unconnected !== undefined) throw new BlockedError(unconnected);
    const send = (msg: NodeMessage) => node.send(output === 0 ? msg : [null, msg]);
    await running.track(settlement.deliver({ ...message }, send, { context, onBlocked }), timeout * 1000);
  };
  const runner = new MessageRunner({
    id: node.id,
    pipeline,
    execution_mode,
    decoder,
    counter,
    tracing: tracingOf(RED),
    run: runFlow,
    onPostponed: (reason) => node.warn(`messages wait: ${reason}`),
    // Other errors were reported by a node of the flow.
    onError: (message, error) => node.error(error.message, asReceived(message)),
  });
  return { running, runner, counter };
}

/**
 * Keeps the messages of a node that did not start: the broker goes on sending what its session subscribed to. If it is unknown
 * which connection the node belongs to, all of them keep messages.
 */
function reserve({ RED, node, stored, onClose }: Broken): void {
  const filter = valueOr(rules.topic, ['topic', stored], undefined);
  const qos = valueOr(rules.qos, ['qos', stored], 2);
  const own = (RED.nodes.getNode(String(stored['broker'])) as ConfigNode<MqttConfig> | null)?.shared;
  const all = startedConfigs<MqttConfig>(RED, 'fp-mqtt-config').map(({ shared }) => shared);
  for (const config of own ? [own] : all) {
    onClose(config.reserve({ id: node.id, filter: own && filter, qos }));
  }
}

/** A message that cannot run, with its raw payload. */
function asReceived({ topic, payload, qos, retain }: Message): NodeMessage & Partial<Message> {
  return { topic, payload, qos, retain };
}
