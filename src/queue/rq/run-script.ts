import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** A Lua script for Redis. */
export interface Script {
  lua: string;
  sha1: string;
}

export type Argument = string | number | Buffer;

export function script(lua: string): Script {
  return { lua, sha1: createHash('sha1').update(lua).digest('hex') };
}

/** Runs a script; a Redis that does not know it yet gets its text. */
export async function runScript(
  client: Redis,
  { lua, sha1 }: Script,
  { keys, args }: { keys: string[]; args: Argument[] },
): Promise<unknown> {
  try {
    return await client.evalsha(sha1, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return client.eval(lua, keys.length, ...keys, ...args);
  }
}
