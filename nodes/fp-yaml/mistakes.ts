import type { Value } from '../../src/index.ts';
import { rules as mqttConfig } from '../fp-mqtt-config/properties.ts';
import { rules as projectConfig } from '../fp-project-config/properties.ts';
import { rules as queueConfig } from '../fp-queue-config/properties.ts';
import { rules as subscribe } from '../fp-subscribe/properties.ts';
import { rules as worker } from '../fp-worker/properties.ts';
import { choice, mistakeIn, type Rules } from '../properties.ts';

/** What a dialog would say of a value in a file: the keys of a section are the properties of a node. */
const rulesOf: Record<string, Rules> = {
  mqtt: mqttConfig,
  subscriptions: subscribe,
  job_queue: {
    ...queueConfig,
    type: choice('rq', 'bullmq'),
    worker_count: worker.concurrency,
    timeout: worker.timeout,
  },
  '': projectConfig,
};

/** Says what a value of an `mqtt_config.yml` "must be", or nothing if it is right. */
export function mistakeInFile(section: string, key: string, value: Value): string | undefined {
  const rule = rulesOf[section]?.[key];
  // User and password in an address become credentials.
  const stored = key === 'redis_url' ? String(value).replace(/\/\/[^@/]*@/, '//') : value;
  return rule && mistakeIn(rule, key, { [key]: stored });
}
