import type { NodeAPI } from 'node-red';
import type { Connection } from '../../src/index.ts';
import { sharedBy } from '../config-node.ts';
import type { MqttConfig } from '../fp-mqtt-config/fp-mqtt-config.ts';
import type { QueueConfig } from '../fp-queue-config/fp-queue-config.ts';
import type { QueueSample } from '../fp-queue-config/queue-watch.ts';
import { registerNode, type Opening, onInput } from '../register-node.ts';
import { age, amount, connectionStatus, counted, fitting } from '../status.ts';
import { rules } from './properties.ts';

export default function register(RED: NodeAPI): void {
  registerNode(RED, { type: 'fp-stats', rules, open });
}

function open({ RED, node, properties, status, onClose }: Opening<typeof rules>): void {
  const broker = properties.broker ? sharedBy<MqttConfig>(RED, properties.broker, 'broker') : undefined;
  const queue = properties.queue ? sharedBy<QueueConfig>(RED, properties.queue, 'queue') : undefined;

  // Opens the queue for counting even if no other node on this runtime uses it.
  if (queue?.enabled) {
    let connection: Connection = { state: 'connecting' };
    const { release } = queue.use((changed) => {
      connection = changed;
      if (changed.state !== 'connected') status.show(connectionStatus(changed));
    });
    onClose(release);
    const show = (sample: QueueSample) => {
      if (connection.state === 'connected')
        status.show({ fill: 'grey', shape: 'dot', text: backlogText(sample) });
    };
    onClose(queue.watch(show));
  }

  const report = async () => {
    const statistics = { ...broker?.statistics(), ...(await queue?.statistics()) };
    if (!queue) status.show({ fill: 'grey', shape: 'dot', text: messagesText(statistics) });
    return statistics;
  };
  onInput(node, async (msg, send) => send({ ...msg, payload: await report() }));

  let isCounting = false;
  const onInterval = () => {
    // Skip this report while the previous one waits for an unavailable store.
    if (isCounting) return;
    isCounting = true;
    report()
      .then(
        (payload) => node.send({ payload }),
        (error: Error) => node.error(error.message),
      )
      .finally(() => (isCounting = false));
  };
  const timer = properties.interval > 0 ? setInterval(onInterval, properties.interval * 1000) : undefined;
  onClose(() => clearInterval(timer));
}

interface Messages {
  message_count?: number;
  error_count?: number;
}

/** Messages since the deploy. With a queue, its jobs are shown instead: the two would not go together. */
function messagesText({ message_count = 0, error_count = 0 }: Messages): string {
  return fitting([
    counted(message_count, 'message'),
    ...(error_count > 0 ? [counted(error_count, 'error')] : []),
  ]);
}

function backlogText({ waiting, countedTo, oldestWaiting, dead }: QueueSample): string {
  return fitting([
    `${amount(waiting, countedTo)} waiting`,
    ...(oldestWaiting === undefined ? [] : [`oldest ${age(oldestWaiting)}`]),
    ...(dead > 0 ? [`${amount(dead, countedTo)} dead`] : []),
  ]);
}
