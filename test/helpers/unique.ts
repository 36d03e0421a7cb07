import { randomUUID } from 'node:crypto';

/** A name that no other test uses: for a queue, a topic, a client id or a schema. */
export function unique(name: string): string {
  return `${name}_${randomUUID().slice(0, 8)}`;
}
