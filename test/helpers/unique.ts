import { randomUUID } from 'node:crypto';

/** Returns a unique name for a queue, topic, client ID or schema. */
export function unique(name: string): string {
  return `${name}_${randomUUID().slice(0, 8)}`;
}
