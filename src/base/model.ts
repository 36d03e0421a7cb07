/**
 * The terms of this package.
 *
 * - message: a received MQTT PUBLISH.
 * - delivery: a message that a node of this package put into a flow, and whose end it waits for.
 * - settle: a delivery settles once, when every node that got it has finished: fulfilled, or rejected with an error.
 * - pipeline: a named unit of work, for instance the nodes wired after a worker.
 * - job: one pipeline run recorded in a queue; its name is the pipeline's name.
 * - queue: a named list of jobs with its retry policy.
 * - store: a database with queues.
 * - worker: takes jobs from a queue and runs a pipeline for each.
 * - dead letter: a job that failed its last attempt; it is kept and can be retried.
 * - paused: jobs are added to the queue but not taken.
 */

import type { TraceContext } from './tracing.ts';

/** MQTT quality of service: 0 at most once, 1 at least once, 2 exactly once (MQTT 5.0 section 4.3). */
export type Qos = 0 | 1 | 2;

/** How a message is run: immediately and in order, or as a job of a queue. */
export type ExecutionMode = 'sync' | 'async';

/** How a subscription runs its messages; `mixed` runs QoS 2 as `sync` and QoS 0 and 1 as `async`. */
export type SubscriptionMode = ExecutionMode | 'mixed';

/** A received MQTT PUBLISH. */
export interface Message {
  topic: string;
  payload: Buffer;
  qos: Qos;
  retain: boolean;
  /** The broker sent it again, so it may have been handled before (MQTT 5.0 section 3.3.1.1). Always false at QoS 0. */
  dup: boolean;
  /** The same subscription has had it before: this process delivers it again, because it could not be handled then. */
  isRepeat?: boolean;
  /** Packet identifier, 1 to 65535; absent at QoS 0. */
  messageId?: number;
  /**
   * Name of the exchange at QoS 2, from client, packet identifier and content. It is the same when the message is sent
   * again, even after a crash. If `dup` is false, a message with a known name is a new one.
   */
  exchange?: string;
  /** From the user properties of MQTT 5. */
  trace?: TraceContext;
}

/** Kind of store. */
export type StoreKind = 'embedded' | 'redis' | 'postgres';

export const jobStates = ['waiting', 'running', 'delayed', 'completed', 'dead'] as const;

/**
 * State of a job. BullMQ's names are `active` for running, `failed` for dead, `prioritized` for waiting with a
 * priority.
 */
export type JobState = (typeof jobStates)[number];

/** States that only RQ has: a job that waits for another one, and one that somebody has canceled. */
export const rqStates = ['deferred', 'canceled'] as const;

/** Where a job stands in any kind of queue. */
export type AnyJobState = JobState | (typeof rqStates)[number];

/** What keeps a queue: a store of this package, or RQ. */
export type QueueKind = StoreKind | 'rq';

/** Identifies a job. */
export interface JobRef {
  id: string;
  /** The pipeline's name. */
  name: string;
  queue: string;
}

/** State of a connection to a broker or a store. `failed` needs a person; other states recover automatically. */
export type Connection =
  | { state: 'connecting' }
  | { state: 'connected' }
  | { state: 'waiting'; reason: string }
  | { state: 'failed'; reason: string }
  | { state: 'closed' };

/** State of a subscription at the broker; the granted QoS may be lower than the requested one. */
export type SubscriptionState =
  { state: 'pending' } | { state: 'subscribed'; qos: Qos } | { state: 'refused'; reason: string };
