/** A file with two FlowerPower pipelines and one of JavaScript, and what its messages make of them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { projectWith, pythonSource } from './project.ts';
import { flowerpowerPython } from './python.ts';
import { unique } from './unique.ts';

export interface ThreePipelines {
  /** Path of the file, in a folder with the pipelines. */
  file: string;
  text: string;
  queue: string;
  topic: string;
}

interface Places {
  brokerPort: number;
  redisUrl: string;
}

/** Writes the file; each has a queue, a topic and a client ID of its own. */
export function threePipelines({ brokerPort, redisUrl }: Places): ThreePipelines {
  const folder = projectWith({
    'double.py': pythonSource('return mqtt_message["n"] * 2'),
    'label.py': pythonSource('return f"{mqtt_topic} is {mqtt_message[\'n\']}"'),
    'check.mjs':
      'export default ({ mqtt_message: { n } }) => { if (n % 5 === 0) throw new Error(`${n} is refused`); return { n }; };',
  });
  const [queue, topic] = [unique('three'), unique('three')];
  const subscription = { topic: `${topic}/double`, pipeline: 'double', qos: 1, execution_mode: 'async' };
  const text = stringify({
    mqtt: { broker: '127.0.0.1', port: brokerPort, client_id: unique('client'), clean_session: false },
    subscriptions: [
      subscription,
      { ...subscription, topic: `${topic}/label`, pipeline: 'label', execution_mode: 'sync' },
      { ...subscription, topic: `${topic}/check`, pipeline: 'check', qos: 2 },
    ],
    job_queue: { enabled: true, type: 'bullmq', redis_url: redisUrl, queue_name: queue, max_retries: 0 },
    base_dir: folder,
    python: flowerpowerPython,
    python_processes: 1,
    javascript_processes: 1,
  });
  const file = join(folder, 'mqtt_config.yml');
  writeFileSync(file, text);
  return { file, text, queue, topic };
}
