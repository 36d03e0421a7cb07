import { ReasonCodes } from 'mqtt';
import type { Connection } from '../model.ts';

/** Why there is no connection: `waiting` mends by itself, `failed` needs a person. */
export type Trouble = Extract<Connection, { reason: string }>;

/** A broker's reason code with its own words, from CONNACK or DISCONNECT (MQTT 5.0 section 2.4). */
export class RefusedError extends Error {
  override name = 'RefusedError';
  readonly code: number;

  constructor(what: string, code: number, words?: string) {
    const reason = ReasonCodes[code as keyof typeof ReasonCodes] ?? 'unknown reason';
    super(`${what}: ${words ? `${words} (${reason}, ${code})` : `${reason} (${code})`}`);
    this.code = code;
  }
}

/** What a person can do about a refusal; 1 to 5 are 3.1.1's codes, the others 5.0's. */
const remedies = new Map<number, string>([
  [1, 'choose the other protocol version'],
  [132, 'choose the other protocol version'],
  [2, 'choose another client_id'],
  [133, 'choose another client_id'],
  [4, 'check username and password'],
  [134, 'check username and password'],
  [5, 'check username, password and the rights of the client_id'],
  [135, 'check username, password and the rights of the client_id'],
  [138, 'the broker has banned this client'],
  [140, 'the broker wants another way to log in'],
  [142, 'another client uses the same client_id: each needs its own'],
  [156, 'the broker wants this client elsewhere: change the address'],
  [157, 'the broker has moved: change the address'],
]);

/** Session taken over: two clients with one name; it mends as soon as the other one goes. */
const TAKEN_OVER = 142;

/** What Node.js says when the broker's certificate is not trusted, or ours cannot be used. */
const certificateError = /CERT|SIGNATURE|SELF_SIGNED|ERR_TLS|ERR_SSL|ERR_OSSL/;

/** Puts the end of a network connection into words: what happened, and what can be done about it. */
export function trouble(error: Error | undefined, broker: string): Trouble {
  if (!error) return { state: 'waiting', reason: `${broker} closed the connection` };
  if (error instanceof RefusedError) return refused(error, broker);
  const code = 'code' in error ? String(error.code) : '';
  const reason = `${broker}: ${error.message || code}`;
  if (certificateError.test(code)) return { state: 'failed', reason: `${reason}: check the TLS settings` };
  const remedy = unreachable.get(code);
  return { state: 'waiting', reason: remedy ? `${reason}: ${remedy}` : reason };
}

const unreachable = new Map<string, string>([
  ['ECONNREFUSED', 'is the broker running, and is the port right?'],
  ['ENOTFOUND', 'is the host name right?'],
  ['EAI_AGAIN', 'the name server does not answer'],
]);

function refused(error: RefusedError, broker: string): Trouble {
  const remedy = remedies.get(error.code);
  return {
    state: remedy && error.code !== TAKEN_OVER ? 'failed' : 'waiting',
    reason: `${broker}: ${error.message}${remedy ? `: ${remedy}` : ''}`,
  };
}
