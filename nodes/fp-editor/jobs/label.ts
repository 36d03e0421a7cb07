import { red } from '../red.ts';

const catalog = 'node-red-contrib-flowerpower-mqtt/fp-jobs';

/** A label in the user's language. */
export function label(key: string, values?: Record<string, string>): string {
  return red._(`${catalog}:${key}`, values);
}
