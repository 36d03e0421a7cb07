/** What becomes of the keys of a file in a flow; the browser uses this, too. */
import { sections, type SectionName } from '../../src/config/config.ts';
import type { Option } from '../../src/options/option.ts';

/** The type of the node that a section becomes. */
const types: Record<SectionName, string> = {
  mqtt: 'fp-mqtt-config',
  subscriptions: 'fp-subscribe',
  job_queue: 'fp-queue-config',
  '': 'fp-project-config',
};

/** A property of a type of node. */
export type Property = [type: string, name: string];

const renamed: Record<string, Property> = {
  'mqtt.tls_ca': ['tls-config', 'ca'],
  'mqtt.tls_cert': ['tls-config', 'cert'],
  'mqtt.tls_key': ['tls-config', 'key'],
  'mqtt.tls_servername': ['tls-config', 'servername'],
  'mqtt.tls_verify': ['tls-config', 'verifyservercert'],
  'job_queue.type': ['fp-queue-config', 'queue_type'],
  'job_queue.workers': ['fp-queue-config', 'store'],
  'job_queue.worker_count': ['fp-worker', 'concurrency'],
  'job_queue.timeout': ['fp-worker', 'timeout'],
};

/** The property that a key becomes. */
export function propertyOf(section: SectionName, key: string): Property {
  return renamed[`${section}.${key}`] ?? [types[section], key];
}

/** Where Python's workers run the jobs, no other node has these. */
const ofPythonQueue: Record<string, string> = {
  'job_queue.worker_count': 'worker_count',
  'job_queue.timeout': 'timeout',
  '.base_dir': 'base_dir',
};

/** All properties that a key may become. */
export function propertiesOf(section: SectionName, key: string): Property[] {
  const name = ofPythonQueue[`${section}.${key}`];
  return [propertyOf(section, key), ...(name === undefined ? [] : [['fp-queue-config', name] as Property])];
}

const inFile = new Set(
  Object.entries(sections).flatMap(([section, options]) => {
    const keys = Object.entries<Option>(options).filter(([, { secret }]) => !secret);
    return keys.flatMap(([key]) => propertiesOf(section as SectionName, key).map((one) => one.join('.')));
  }),
);

/** Whether a file says what this property is. */
export function isInFile(...[type, name]: Property): boolean {
  return inFile.has(`${type}.${name}`);
}

/** The types of nodes of which a file says something. */
export const typesInFile = new Set([...inFile].map((property) => property.split('.')[0] ?? ''));
