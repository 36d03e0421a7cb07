import { ReasonCodes } from 'mqtt';
import type { Connection } from '../base/model.ts';

/** Why there is no connection: `waiting` may recover without help, `failed` needs a person. */
export type Trouble = Extract<Connection, { reason: string }>;

/** Describes a reason code, with the broker's reason string if there is one (MQTT 5.0 section 2.4). */
export function reasonText(code: number, reasonString: string | undefined): string {
  const meaning = ReasonCodes[code as keyof typeof ReasonCodes] || 'no reason given';
  return reasonString ? `${reasonString} (${meaning}, ${code})` : `${meaning} (${code})`;
}

/** The broker ended the connection with a reason code, in CONNACK or DISCONNECT. */
export class RefusedError extends Error {
  override name = 'RefusedError';
  readonly code: number;

  constructor(what: string, code: number, reasonString: string | undefined) {
    super(`${what}: ${reasonText(code, reasonString)}`);
    this.code = code;
  }
}

/** We ended the connection ourselves, for the reason in the message. */
export class DroppedError extends Error {
  override name = 'DroppedError';
}

/** A packet is too large for every subscription. */
export class TooLargeError extends DroppedError {
  constructor(bytes: number, most: number) {
    const mebibytes = (bytes / 1_048_576).toFixed(1);
    super(
      `it sends a message of ${mebibytes} MiB, and at most ${(most / 1_048_576).toFixed(1)} MiB are taken: raise ` +
        'the maximum size of its subscription, or remove the message at the broker',
    );
  }
}

/** What a person can do, by reason code; 1 to 5 are from MQTT 3.1.1, the others from 5.0. */
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
  [140, 'the broker requires another authentication method'],
  [142, 'another client uses the same client_id: each needs its own'],
  [156, 'use another server: change the address'],
  [157, 'the broker has moved: change the address'],
]);

/** Session taken over: two clients have the same ID. Recovers when the other client disconnects. */
const TAKEN_OVER = 142;

/** Node.js's error codes for an untrusted certificate of the broker, or an unusable one of ours. */
const certificateError = /CERT|SIGNATURE|SELF_SIGNED|ERR_TLS|ERR_SSL|ERR_OSSL/;

/** MQTT 3.1.1 has no reason code for two clients with the same ID, which keep disconnecting each other. */
const sameClientIdHint =
  ' again and again, soon after it was made: does another client use the same client_id?';

/** Errors of mqtt.js about a missing answer. */
const silent = new Map<string, string>([
  ['connack timeout', 'did not answer in time: is it an MQTT broker?'],
  ['Keepalive timeout', 'did not answer within the keepalive time'],
]);

const unreachable = new Map<string, string>([
  ['ECONNREFUSED', 'is the broker running, and is the port right?'],
  ['ENOTFOUND', 'is the host name right?'],
  ['EAI_AGAIN', 'the name server does not answer'],
]);

/** Describes why a network connection ended and what to do. */
export function trouble(error: Error | undefined, broker: string, isTakenOver = false): Trouble {
  if (!error) return waiting(`${broker} closed the connection${isTakenOver ? sameClientIdHint : ''}`);
  if (error instanceof RefusedError) return refused(error, broker);
  const { message } = error;
  if (error instanceof DroppedError) return waiting(`${broker}: ${message}`);
  if (!('code' in error))
    return waiting(`${broker} ${silent.get(message) ?? `sent bytes that are not MQTT: ${message}`}`);
  const code = String(error.code);
  const reason = `${broker}: ${message || code}`;
  if (certificateError.test(code)) return { state: 'failed', reason: `${reason}: check the TLS settings` };
  return waiting(withRemedy(reason, unreachable.get(code)));
}

function refused(error: RefusedError, broker: string): Trouble {
  const remedy = remedies.get(error.code);
  const reason = withRemedy(`${broker}: ${error.message}`, remedy);
  return remedy && error.code !== TAKEN_OVER ? { state: 'failed', reason } : waiting(reason);
}

function waiting(reason: string): Trouble {
  return { state: 'waiting', reason };
}

function withRemedy(reason: string, remedy: string | undefined): string {
  return remedy ? `${reason}: ${remedy}` : reason;
}
