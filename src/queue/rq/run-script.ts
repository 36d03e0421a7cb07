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

interface Call {
  keys: string[];
  args: Argument[];
}

/** Runs a script; a Redis that does not know it yet gets its text. */
export async function runScript(
  client: Redis,
  { lua, sha1 }: Script,
  { keys, args }: Call,
): Promise<unknown> {
  const parameters = [keys.length, ...keys, ...args] as const;
  return orElse(
    () => client.evalsha(sha1, ...parameters),
    () => client.eval(lua, ...parameters),
  );
}

/** The same with bytes in the place of texts. */
export async function runScriptForBytes(
  client: Redis,
  { lua, sha1 }: Script,
  { keys, args }: Call,
): Promise<unknown> {
  const parameters = [keys.length, ...keys, ...args] as const;
  return orElse(
    () => client.callBuffer('EVALSHA', sha1, ...parameters),
    () => client.callBuffer('EVAL', lua, ...parameters),
  );
}

async function orElse(known: () => Promise<unknown>, whole: () => Promise<unknown>): Promise<unknown> {
  try {
    return await known();
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return whole();
  }
}
