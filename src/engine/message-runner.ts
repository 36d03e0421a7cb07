import { DecodeError, InterruptedError, PostponedError, TimedOutError } from '../base/errors.ts';
import type { ExecutionMode, Message, Qos, SubscriptionMode } from '../base/model.ts';
import { traced, type Span, type TraceContext, type Tracing } from '../base/tracing.ts';
import type { Decoder } from '../payload/decode.ts';
import type { Decoded } from '../payload/define-format.ts';
import type { SubscriptionCounter } from '../stats/broker-counts.ts';
import { type DeliveryContext, JobKeys } from './delivery-context.ts';
import { oneAtATime } from '../base/one-at-a-time.ts';

/** A message that has been decoded, and how it runs. */
export interface ReceivedMessage extends Decoded {
  topic: string;
  qos: Qos;
  retain: boolean;
  pipeline: string;
  executionMode: ExecutionMode;
  /** ISO 8601. */
  executionTimestamp: string;
}

/** What a message brings along. */
export type MessageContext = Pick<DeliveryContext, 'jobKeys' | 'trace'>;

interface MessageRunnerOptions {
  /** Names the subscription in the keys of its jobs; the same after a restart. */
  id: string;
  pipeline: string;
  execution_mode: SubscriptionMode;
  decoder: Decoder;
  counter: SubscriptionCounter;
  tracing?: Tracing | undefined;
  /** Runs a message to its end, or stores its job under the keys. */
  run: (message: ReceivedMessage, context: MessageContext) => Promise<void>;
  /** Hears why messages cannot be taken now; each reason once, not with each message. */
  onPostponed: (reason: string) => void;
  /** Hears of an error that is of no node and no pipeline. */
  onError: (message: Message, error: Error) => void;
}

/** As many as there are packet identifiers. */
const MOST_EXCHANGES = 65_535;

/** Takes a subscription's messages in: counts, decodes and runs each, in order where its mode asks for that. */
export class MessageRunner {
  readonly #options: MessageRunnerOptions;
  readonly #inOrder = oneAtATime();
  readonly #jobKeys = new Map<string, JobKeys>();
  #isStopping = false;
  #postponed: string | undefined;
  #told: string | undefined;

  constructor(options: MessageRunnerOptions) {
    this.#options = options;
  }

  /** Why messages cannot be taken now; undefined as soon as one was. */
  get postponed(): string | undefined {
    return this.#postponed;
  }

  /** Resolves or rejects when the message has settled; with InterruptedError if it has to come again. */
  async receive(message: Message): Promise<void> {
    const { counter, onError } = this.#options;
    counter.arrived();
    try {
      const span = this.#startSpan(message);
      await traced(span, () => this.#run(message, span?.context));
      this.#postponed = undefined;
      counter.ran();
    } catch (error) {
      if (error instanceof PostponedError) this.postpone(error.message);
      if (!(error instanceof InterruptedError)) counter.failed();
      if (error instanceof DecodeError || error instanceof TimedOutError) onError(message, error);
      throw error;
    }
  }

  /** Messages have to wait, for this reason. */
  postpone(reason: string): void {
    if (reason !== this.#told) this.#options.onPostponed(reason);
    this.#told = reason;
    this.#postponed = reason;
  }

  /** The broker will not send the messages of this exchange again. */
  async released(exchange: string): Promise<void> {
    await this.#jobKeys.get(exchange)?.released();
    this.#jobKeys.delete(exchange);
  }

  /** Starts no more messages; those that come have to come again. */
  stop(): void {
    this.#isStopping = true;
  }

  #startSpan({ topic, qos, trace }: Message): Span | undefined {
    const { tracing, pipeline } = this.#options;
    return tracing?.start({
      name: `receive ${pipeline}`,
      kind: 'consumer',
      parent: trace,
      attributes: {
        'messaging.system': 'mqtt',
        'messaging.destination.name': topic,
        'messaging.operation.name': 'receive',
        'mqtt.qos': qos,
      },
    });
  }

  async #run(message: Message, trace: TraceContext | undefined): Promise<void> {
    const mode = executionMode(this.#options.execution_mode, message.qos);
    const run = async () => this.#runDecoded(message, mode, trace);
    await (mode === 'sync' ? this.#inOrder(run) : run());
  }

  async #runDecoded(message: Message, mode: ExecutionMode, trace: TraceContext | undefined): Promise<void> {
    const { decoder, pipeline, run } = this.#options;
    const { topic, payload, qos, retain } = message;
    const decoded = await decoder.decode(payload);
    if (this.#isStopping) throw new InterruptedError('the subscription was stopped');
    const executionTimestamp = new Date().toISOString();
    const how = { pipeline, executionMode: mode, executionTimestamp };
    await run({ topic, ...decoded, qos, retain, ...how }, { jobKeys: this.#keysFor(message), trace });
  }

  #keysFor({ exchange, dup }: Message): JobKeys | undefined {
    if (exchange === undefined) return undefined;
    const keys = new JobKeys(exchange, this.#options.id, dup);
    this.#jobKeys.set(exchange, keys);
    if (this.#jobKeys.size > MOST_EXCHANGES) this.#forgetOldest();
    return keys;
  }

  /** The exchanges of a session that the broker has lost never end. */
  #forgetOldest(): void {
    const [oldest] = this.#jobKeys.keys();
    if (oldest !== undefined) this.#jobKeys.delete(oldest);
  }
}

/** Returns how one message of a subscription runs. */
export function executionMode(mode: SubscriptionMode, qos: Qos): ExecutionMode {
  if (mode !== 'mixed') return mode;
  return qos === 2 ? 'sync' : 'async';
}
