import type { Node, NodeMessage } from 'node-red';
import {
  BlockedError,
  DecodeError,
  executionMode,
  InterruptedError,
  JobKeys,
  oneAtATime,
  PostponedError,
  TimedOutError,
  type Decoded,
  type Decoder,
  type ExecutionMode,
  type Message,
  type SubscriptionCounter,
} from '../../src/index.ts';
import type { Properties } from '../properties.ts';
import { RunningDeliveries, type Stuck } from '../running-deliveries.ts';
import type { Settlement } from '../settlement/settlement.ts';
import type { rules } from './properties.ts';

interface MessageRunnerOptions {
  node: Node;
  properties: Properties<typeof rules>;
  settlement: Settlement;
  decoder: Decoder;
  counter: SubscriptionCounter;
}

/** As many as there are packet identifiers. */
const MOST_EXCHANGES = 65_535;

/** Takes a subscription's messages into the flow, and hears how each ends. */
export class MessageRunner {
  readonly #options: MessageRunnerOptions;
  readonly #inOrder = oneAtATime();
  readonly #running = new RunningDeliveries();
  readonly #jobKeys = new Map<string, JobKeys>();
  #isStopping = false;
  #postponed: string | undefined;
  #logged: string | undefined;

  constructor(options: MessageRunnerOptions) {
    this.#options = options;
  }

  /** Resolves or rejects when the message has settled; with InterruptedError if it has to come again. */
  async receive(message: Message): Promise<void> {
    const { counter } = this.#options;
    counter.arrived();
    try {
      await this.#run(message);
      this.#postponed = undefined;
      counter.ran();
    } catch (error) {
      if (error instanceof PostponedError) this.#postpone(error.message);
      if (!(error instanceof InterruptedError)) counter.failed();
      // Any other error was reported by the node that it is of.
      if (error instanceof DecodeError || error instanceof TimedOutError) this.#report(message, error);
      throw error;
    }
  }

  /** The broker will not send the messages of this exchange again. */
  async released(exchange: string): Promise<void> {
    await this.#jobKeys.get(exchange)?.released();
    this.#jobKeys.delete(exchange);
  }

  /** What has not settled for long. */
  stuck(): Stuck | undefined {
    return this.#running.stuck();
  }

  /** Why messages cannot be taken now, and wait. */
  postponed(): string | undefined {
    return this.#running.blocked()?.message ?? this.#postponed;
  }

  /** Who has the messages under way. */
  holders(): string[] {
    return this.#running.holders();
  }

  /** Waits for the deliveries under way; those that do not settle in time have to come again. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#running.stop();
  }

  async #run(message: Message): Promise<void> {
    const mode = executionMode(this.#options.properties.execution_mode, message.qos);
    const deliver = async () =>
      this.#deliver(message, await this.#options.decoder.decode(message.payload), mode);
    await (mode === 'sync' ? this.#inOrder(deliver) : deliver());
  }

  /** Logs a reason once, not each time that a message is tried. */
  #postpone(reason: string): void {
    if (reason !== this.#logged) this.#options.node.warn(`messages wait: ${reason}`);
    this.#logged = reason;
    this.#postponed = reason;
  }

  async #deliver(message: Message, decoded: Decoded, mode: ExecutionMode): Promise<void> {
    if (this.#isStopping) throw new InterruptedError('the node was stopped');
    const { node, properties, settlement } = this.#options;
    const isSplit = properties.outputs === 2 || properties.execution_mode === 'mixed';
    const output = isSplit && mode === 'async' ? 1 : 0;
    const unconnected = settlement.whyUnconnected(output);
    if (unconnected !== undefined) throw new BlockedError(unconnected);
    const { topic, qos, retain } = message;
    const executionTimestamp = new Date().toISOString();
    const msg = {
      topic,
      ...decoded,
      qos,
      retain,
      pipeline: properties.pipeline,
      executionMode: mode,
      executionTimestamp,
    };
    const send = (tagged: NodeMessage) => node.send(output === 0 ? tagged : [null, tagged]);
    const onBlocked = ({ message: reason }: Error) => this.#postpone(reason);
    const delivery = settlement.deliver(msg, send, { context: this.#keysFor(message), onBlocked });
    await this.#running.track(delivery, properties.timeout * 1000);
  }

  #keysFor({ exchange, dup }: Message): JobKeys | undefined {
    if (exchange === undefined) return undefined;
    const keys = new JobKeys(exchange, this.#options.node.id, dup);
    this.#jobKeys.set(exchange, keys);
    // The exchanges of a session that the broker has lost never end.
    const [oldest] = this.#jobKeys.keys();
    if (this.#jobKeys.size > MOST_EXCHANGES && oldest !== undefined) this.#jobKeys.delete(oldest);
    return keys;
  }

  #report({ topic, payload, qos, retain }: Message, { message }: Error): void {
    this.#options.node.error(message, { topic, payload, qos, retain });
  }
}
