/**
 * The words of this package, once.
 *
 * - message: one MQTT PUBLISH as it arrived.
 * - delivery: one message that a node of ours put into a flow and must hear the end of.
 * - settle: a delivery settles once, when every node that got it has finished: fulfilled, or rejected with an error.
 * - pipeline: a named unit of work, for instance the nodes wired after a worker.
 * - job: one pipeline run recorded in a queue; its name is the pipeline's name.
 * - queue: a named list of jobs with its retry policy.
 * - store: where queues live.
 * - worker: takes jobs off a queue and hands each to a pipeline.
 * - dead letter: a job that failed its last attempt; it is kept, shown, and can be retried.
 * - paused: jobs come into the queue, none is taken.
 */

/** MQTT quality of service: 0 at most once, 1 at least once, 2 exactly once (MQTT 5.0 section 4.3). */
export type Qos = 0 | 1 | 2;

/** How one message is run: now and in order, or as a job of a queue. */
export type ExecutionMode = 'sync' | 'async';

/** How a subscription runs its messages; `mixed` runs QoS 2 as `sync` and QoS 0 and 1 as `async`. */
export type SubscriptionMode = ExecutionMode | 'mixed';

/** One MQTT PUBLISH as it arrived. */
export interface Message {
  topic: string;
  payload: Buffer;
  qos: Qos;
  retain: boolean;
  /** It may have been handled before: the broker sent it again (MQTT 5.0 section 3.3.1.1); always false at QoS 0. */
  dup: boolean;
  /** Packet identifier, 1 to 65535; absent at QoS 0. */
  messageId?: number;
  /**
   * At QoS 2 the name of this exchange: client, packet identifier and content; the same in all redeliveries of the
   * message, over a crash too. With `dup` false it is a new message that happens to have the name of an earlier one.
   */
  exchange?: string;
}

/** Where queues live. */
export type StoreKind = 'embedded' | 'redis' | 'postgres';

export const jobStates = ['waiting', 'running', 'delayed', 'completed', 'dead'] as const;

/** Where a job stands. BullMQ calls running jobs `active`, dead ones `failed`, and waiting ones with a priority `prioritized`. */
export type JobState = (typeof jobStates)[number];

/** States that only RQ has: a job that waits for another one, and one that somebody has canceled. */
export const rqStates = ['deferred', 'canceled'] as const;

/** Where a job stands in any kind of queue. */
export type AnyJobState = JobState | (typeof rqStates)[number];

/** What keeps a queue: a store of this package, or RQ. */
export type QueueKind = StoreKind | 'rq';

/** A job as other nodes see it. */
export interface JobRef {
  id: string;
  /** The pipeline's name. */
  name: string;
  queue: string;
}

/** What a connection to a broker or a store is doing; `failed` needs a person, the others mend by themselves. */
export type Connection =
  | { state: 'connecting' }
  | { state: 'connected' }
  | { state: 'waiting'; reason: string }
  | { state: 'failed'; reason: string }
  | { state: 'closed' };

/** What the broker said to a subscription; the QoS it grants may be lower than asked for. */
export type SubscriptionState =
  { state: 'pending' } | { state: 'subscribed'; qos: Qos } | { state: 'refused'; reason: string };
