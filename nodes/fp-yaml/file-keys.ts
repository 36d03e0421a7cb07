/** What becomes of the keys of a file in a flow; the browser uses this, too. */
import { jobQueue, mqtt, project, subscription } from '../../src/config/schema.ts';

const sections = {
  mqtt: { type: 'fp-mqtt-config', keys: mqtt },
  subscriptions: { type: 'fp-subscribe', keys: subscription },
  job_queue: { type: 'fp-queue-config', keys: jobQueue },
  '': { type: 'fp-project-config', keys: project },
};

export type SectionName = keyof typeof sections;

/** A property of a type of node. */
export type Property = [type: string, name: string];

const renamed: Record<string, Property> = {
  'mqtt.tls_ca': ['tls-config', 'ca'],
  'mqtt.tls_cert': ['tls-config', 'cert'],
  'mqtt.tls_key': ['tls-config', 'key'],
  'mqtt.tls_servername': ['tls-config', 'servername'],
  'mqtt.tls_verify': ['tls-config', 'verifyservercert'],
  'job_queue.type': ['fp-queue-config', 'queue_type'],
  'job_queue.worker_count': ['fp-worker', 'concurrency'],
  'job_queue.timeout': ['fp-worker', 'timeout'],
};
/** These become credentials. */
const secrets = ['username', 'password'];

/** The property that a key becomes. */
export function propertyOf(section: SectionName, key: string): Property {
  return renamed[`${section}.${key}`] ?? [sections[section].type, key];
}

const inFile = new Set(
  Object.keys(sections).flatMap((name) => {
    const section = name as SectionName;
    const keys = Object.keys(sections[section].keys).filter((key) => !secrets.includes(key));
    return keys.map((key) => propertyOf(section, key).join('.'));
  }),
);

/** Whether a file says what this property is. */
export function isInFile(...[type, name]: Property): boolean {
  return inFile.has(`${type}.${name}`);
}

/** The types of nodes of which a file says something. */
export const typesInFile = new Set([...inFile].map((property) => property.split('.')[0] ?? ''));
