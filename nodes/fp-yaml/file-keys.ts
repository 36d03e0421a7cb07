/** Maps keys of a file to properties of nodes. The browser uses this file, too. */
import { sections, type SectionName } from '../../src/config/config.ts';
import type { Option } from '../../src/options/option.ts';

/** Node types by section. */
const types: Record<SectionName, string> = {
  mqtt: 'fp-mqtt-config',
  subscriptions: 'fp-subscribe',
  job_queue: 'fp-queue-config',
  '': 'fp-project-config',
};

/** A property of a node type. */
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

/** Returns the property for a key. */
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

/** Tells whether a file has a key for this property. */
export function isInFile(...[type, name]: Property): boolean {
  return inFile.has(`${type}.${name}`);
}

/** Node types that a file has keys for. */
export const typesInFile = new Set([...inFile].map((property) => property.split('.')[0] ?? ''));
