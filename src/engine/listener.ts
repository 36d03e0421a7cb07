import { createHash } from 'node:crypto';
import type { SubscriptionValues } from '../config/config-file.ts';
import { InterruptedError } from '../base/errors.ts';
import { openBroker, type Broker } from '../mqtt/broker.ts';
import { brokerLabel } from '../mqtt/address.ts';
import { sessionMemory } from '../mqtt/session-memory.ts';
import type { Subscription } from '../mqtt/subscriptions.ts';
import { decodeOptionsOf, openDecoder, type Decoder } from '../payload/decode.ts';
import type { Project } from '../project/project.ts';
import type { Producer } from '../queue/producer.ts';
import { Runs } from '../base/runs.ts';
import type { Tracing } from '../base/tracing.ts';
import { BrokerCounts, type SubscriptionCounter } from '../stats/broker-counts.ts';
import type { GatewayLog } from './log.ts';
import { MessageRunner, type MessageContext, type ReceivedMessage } from './message-runner.ts';
import { runPipeline } from './run-pipeline.ts';

interface ListenerOptions {
  /** Address, client ID and other options of the connection. */
  connection: Parameters<typeof openBroker>[0];
  subscriptions: SubscriptionValues[];
  /** Stores the jobs of `async` messages; without one, every message runs immediately. */
  producer: Producer | undefined;
  project: Project;
  /** Returns the absolute path of a .proto file. */
  resolve: (path: string) => string;
  /** The file that stores the filters of persistent sessions. */
  sessionFile: string;
  log: GatewayLog;
  tracing?: Tracing | undefined;
  onConnection: NonNullable<Parameters<typeof openBroker>[1]>['onConnection'];
}

/** Milliseconds for running messages to end at a stop. */
const GRACE = 10_000;
/** Name of the enqueuer in the job keys of QoS 2 messages. */
const ENQUEUER = 'fp-mqtt';

/** The subscriptions of a file: each message runs its pipeline, or becomes a job. */
export class Listener {
  readonly address: string;
  readonly counts = new BrokerCounts();
  readonly broker: Broker;
  readonly #options: ListenerOptions;
  readonly #runs = new Runs();
  readonly #open: { subscribed: Subscription; runner: MessageRunner; decoder: Decoder }[] = [];
  /** Subscriptions that the broker has not answered yet. */
  readonly #unanswered = new Set<string>();
  #onAnswered = () => {};
  /** Resolves when the broker has answered every subscription for the first time. */
  readonly ready = new Promise<void>((resolve) => (this.#onAnswered = resolve));

  /** Subscribes, and then connects. @throws OptionsError if an option is invalid */
  constructor(options: ListenerOptions) {
    this.#options = options;
    const { connection, log, sessionFile, onConnection } = options;
    const { clean_session, client_id } = connection;
    this.address = brokerLabel({ ...connection });
    const session = `${this.address} ${client_id}`;
    this.broker = openBroker(connection, {
      ...(onConnection && { onConnection }),
      onUnwanted: (topic) =>
        log.warn(`the session has a subscription from elsewhere, for instance of ${topic}`),
      ...(!clean_session && {
        memory: sessionMemory({ file: sessionFile, session, onError: (reason) => log.warn(reason) }),
      }),
    });
    for (const [id, subscription] of withIds(options.subscriptions)) this.#subscribe(id, subscription);
    this.#tellIfReady();
    this.broker.connect();
  }

  /** Stops receiving and waits for running messages; the broker keeps the others. */
  async stop(): Promise<void> {
    for (const { subscribed, runner } of this.#open) {
      runner.stop();
      subscribed.close(false);
    }
    await this.#runs.stop(GRACE, new InterruptedError('the listener was stopped'));
    await this.broker.close();
    for (const { decoder } of this.#open) decoder.close();
  }

  #subscribe(id: string, subscription: SubscriptionValues): void {
    const { topic, qos, pipeline, execution_mode, max_payload } = subscription;
    const { log } = this.#options;
    this.#unanswered.add(id);
    const counter = this.counts.open({ topic, pipeline, qos, execution_mode });
    const decoder = openDecoder(decodeOptionsOf(subscription, this.#options.resolve));
    const runner = this.#runner(subscription, { id, decoder, counter });
    const subscribed = this.broker.subscribe({
      id,
      filter: topic,
      qos,
      largestPayload: max_payload * 1024,
      receive: (message) => runner.receive(message),
      released: (exchange) => runner.released(exchange),
      onState: (changed) => {
        if (changed.state === 'refused')
          log.error(`the broker refuses the topic ${topic}: ${changed.reason}`);
        if (changed.state === 'pending' || !this.#unanswered.delete(id)) return;
        this.#tellIfReady();
      },
    });
    counter.countDrops(() => subscribed.dropped);
    this.#open.push({ subscribed, runner, decoder });
  }

  #tellIfReady(): void {
    if (this.#unanswered.size > 0) return;
    this.#options.log.info(`listens to ${this.#open.length} topics`);
    this.#onAnswered();
  }

  #runner(
    subscription: SubscriptionValues,
    parts: { id: string; decoder: Decoder; counter: SubscriptionCounter },
  ): MessageRunner {
    const { producer, log } = this.#options;
    return new MessageRunner({
      ...parts,
      pipeline: subscription.pipeline,
      tracing: this.#options.tracing,
      execution_mode: producer ? subscription.execution_mode : 'sync',
      run: (message, keys) => this.#run(message, keys),
      onPostponed: (reason) => log.warn(`messages wait: ${reason}`),
      onError: ({ topic }, { message }) => log.error(`${topic}: ${message}`),
    });
  }

  async #run(message: ReceivedMessage, { jobKeys, trace }: MessageContext): Promise<void> {
    const { producer, project, log } = this.#options;
    const { topic, pipeline: name, executionMode } = message;
    if (executionMode === 'async' && producer) {
      const once = jobKeys && { once: jobKeys.next(ENQUEUER, (key) => producer.forget(key)) };
      await producer.add({ name, msg: { ...message }, ...once, trace });
      return;
    }
    const run = ({ signal }: AbortController) =>
      runPipeline(project, { name, msg: { ...message }, signal, log: (line) => log.info(line) });
    try {
      await this.#runs.start(run);
    } catch (error) {
      if (!(error instanceof InterruptedError)) log.error(`${topic}: ${(error as Error).message}`);
      throw error;
    }
  }
}

/** Returns the subscriptions by ID, which only depends on topic and pipeline: it is the same after a restart. */
function withIds(subscriptions: SubscriptionValues[]): Map<string, SubscriptionValues> {
  const found = new Map<string, SubscriptionValues>();
  for (const subscription of subscriptions) {
    const { topic, pipeline } = subscription;
    const id = createHash('sha256').update(`${topic}\n${pipeline}`).digest('hex').slice(0, 16);
    const isTwice = found.has(id);
    found.set(isTwice ? `${id}-${found.size}` : id, subscription);
  }
  return found;
}
