import { red } from '../red.ts';

const catalog = 'node-red-contrib-flowerpower-mqtt/fp-yaml';

/** A label in the user's language. */
export function label(key: string): string {
  return red._(`${catalog}:${key}`);
}
