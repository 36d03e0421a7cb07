import type { NodeAPI } from 'node-red';
import { sharedBy } from '../config-node.ts';
import type { MqttConfig } from '../fp-mqtt-config/fp-mqtt-config.ts';
import type { QueueConfig } from '../fp-queue-config/fp-queue-config.ts';
import { onInput } from '../input.ts';
import { registerNode, type Opening } from '../register-node.ts';
import { counted } from '../status.ts';
import { rules } from './properties.ts';

export default function register(RED: NodeAPI): void {
  registerNode(RED, { type: 'fp-stats', rules, open });
}

function open({ RED, node, properties, status, onClose }: Opening<typeof rules>): void {
  const broker = properties.broker ? sharedBy<MqttConfig>(RED, properties.broker, 'broker') : undefined;
  const queue = properties.queue ? sharedBy<QueueConfig>(RED, properties.queue, 'queue') : undefined;

  // Opens the queue for counting even if no other node on this runtime uses it.
  if (queue?.enabled) onClose(queue.use(() => undefined).release);

  const report = async () => {
    const statistics = { ...broker?.statistics(), ...(await queue?.statistics()) };
    status.show({ fill: 'grey', shape: 'dot', text: summary(statistics) });
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

interface Summarised {
  message_count?: number;
  error_count?: number;
  job_queue_stats?: { waiting: number; completed: number; failed: number };
}

function summary({ message_count, job_queue_stats }: Summarised): string {
  const parts: string[] = [];
  if (message_count !== undefined) parts.push(counted(message_count, 'message'));
  if (job_queue_stats)
    parts.push(`${job_queue_stats.completed} completed`, counted(job_queue_stats.failed, 'dead letter'));
  return parts.join(', ');
}
