import { DecodeError, InterruptedError, PostponedError, TimedOutError } from '../base/errors.ts';
import type { ExecutionMode, Message, Qos, SubscriptionMode } from '../base/model.ts';
import { traced, type Span, type TraceContext, type Tracing } from '../base/tracing.ts';
import type { Decoder } from '../payload/decode.ts';
import type { Decoded } from '../payload/define-format.ts';
import type { SubscriptionCounter } from '../stats/broker-counts.ts';
import { JobKeys, type DeliveryContext } from './delivery-context.ts';
import { oneAtATime } from '../base/one-at-a-time.ts';

/** A decoded message, and how it runs. */
export interface ReceivedMessage extends Decoded {
  topic: string;
  qos: Qos;
  retain: boolean;
  pipeline: string;
  executionMode: ExecutionMode;
  /** ISO 8601. */
  executionTimestamp: string;
}

/** The context that a received message starts with. */
export type MessageContext = Pick<DeliveryContext, 'jobKeys' | 'trace'>;

interface MessageRunnerOptions {
  /** Name of the subscription in the keys of its jobs; stays the same after a restart. */
  id: string;
  pipeline: string;
  execution_mode: SubscriptionMode;
  decoder: Decoder;
  counter: SubscriptionCounter;
  tracing?: Tracing | undefined;
  /** Runs a message to its end, or stores its job under the keys. */
  run: (message: ReceivedMessage, context: MessageContext) => Promise<void>;
  /** Called with the reason when messages must wait; once per reason, not per message. */
  onPostponed: (reason: string) => void;
  /** Called for an error that no node and no pipeline has reported. */
  onError: (message: Message, error: Error) => void;
}

/** Maximum number of remembered exchanges: as many as there are packet identifiers. */
const MOST_EXCHANGES = 65_535;

/** Counts, decodes and runs the messages of a subscription: in `sync` mode one at a time, in order. */
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

  /** Why messages wait; undefined after the next one has run. */
  get postponed(): string | undefined {
    return this.#postponed;
  }

  /** Settles as the message does. An InterruptedError means that it must be delivered again. */
  async receive(message: Message): Promise<void> {
    const { counter, onError } = this.#options;
    if (!message.isRepeat) counter.arrived();
    try {
      const span = this.#startSpan(message);
      await (span ? traced(span, () => this.#run(message, span.context)) : this.#run(message, undefined));
      this.#postponed = undefined;
      counter.ran();
    } catch (error) {
      if (error instanceof PostponedError) this.postpone(error.message);
      if (!(error instanceof InterruptedError)) counter.failed();
      if (error instanceof DecodeError || error instanceof TimedOutError) onError(message, error);
      throw error;
    }
  }

  /** Records why messages must wait. */
  postpone(reason: string): void {
    if (reason !== this.#told) this.#options.onPostponed(reason);
    this.#told = reason;
    this.#postponed = reason;
  }

  /** Removes the job keys of an exchange: the broker will not send its message again. */
  async released(exchange: string): Promise<void> {
    await this.#jobKeys.get(exchange)?.released();
    this.#jobKeys.delete(exchange);
  }

  /** Rejects further messages with InterruptedError. */
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

  /** Exchanges of a session that the broker has lost never end. */
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
