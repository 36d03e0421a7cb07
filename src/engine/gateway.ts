import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { validConfig, valuesIn, type QueueValues } from '../config/config-file.ts';
import type { Config } from '../config/config.ts';
import { GiveUpError, OptionsError } from '../base/errors.ts';
import type { Connection } from '../base/model.ts';
import { oncePerOutage } from '../base/report-changes.ts';
import type { Tracing } from '../base/tracing.ts';
import { openProject } from '../project/open-project.ts';
import type { Project } from '../project/project.ts';
import { readPickle } from '../payload/pickle/pickle.ts';
import { offerInspector } from '../queue/inspect/inspector-socket.ts';
import { openQueue, whoRuns, type OpenQueue } from '../queue/open-queue.ts';
import type { QueueWorker } from '../queue/worker.ts';
import {
  brokerOptionsOf,
  DEFAULT_USER_DIR,
  projectOptionsOf,
  storeOptionsOf,
  type GatewayPlace,
} from './connect-options.ts';
import { offerGateway } from './gateway-socket.ts';
import { openJobWorker } from './job-worker.ts';
import { Listener } from './listener.ts';
import { openTracing } from './tracing.ts';
import type { GatewayLog } from './log.ts';
import {
  connectionStatistics,
  queueStatistics,
  type ConnectionStatistics,
  type QueueStatistics,
} from './statistics.ts';

export interface GatewayOptions {
  /** Whether to receive messages. Default: true */
  listen?: boolean;
  /** Whether to run jobs. Default: true */
  work?: boolean;
  /** Maximum number of concurrent jobs. Default: the file's `worker_count` */
  concurrency?: number;
  /** Whether `fp-mqtt jobs worker stop` may end this process. Default: false */
  isCommand?: boolean;
  /** Directory of an embedded store and of stored sessions. Default: Node-RED's, `~/.node-red` */
  userDir?: string;
  /** Default: no log. */
  log?: GatewayLog;
  /** Whether to trace messages and jobs with OpenTelemetry; the caller starts its SDK. Default: false */
  tracing?: boolean;
}

/** Statistics of the queue, and of the connection if the gateway listens. */
export type GatewayStatistics = Partial<ConnectionStatistics> & QueueStatistics;

/** Runs an `mqtt_config.yml` without Node-RED: listener, queue and workers. */
export interface Gateway {
  /** Resolves when the store and, for every subscription, the broker has answered. @throws GiveUpError if a person must act */
  start(): Promise<void>;
  /** Returns the statistics, with the names of flowerpower-mqtt's `get_statistics()`. Waits for the store. */
  statistics(): Promise<GatewayStatistics>;
  /** Stops receiving, waits up to 10 s for running work, and leaves the rest to the broker and the queue. */
  stop(): Promise<void>;
}

const QUIET: GatewayLog = { info: () => undefined, warn: () => undefined, error: () => undefined };
/** Milliseconds for running jobs to end at a stop. */
const GRACE = 10_000;

/**
 * Reads an `mqtt_config.yml` and returns its gateway, which opens nothing before `start`.
 *
 * @throws OptionsError with the first mistake in the file
 */
export async function openGateway(file: string, options: GatewayOptions = {}): Promise<Gateway> {
  const config = await validConfig(file);
  const { listen = true, work = true } = options;
  if (!listen && !valuesIn.job_queue(config).enabled) {
    throw new OptionsError([`${file}: job_queue.enabled is false, so there are no jobs to run`]);
  }
  const { workers, queue_name } = valuesIn.job_queue(config);
  if (!listen && workers === 'python') throw new OptionsError([`${file}: ${whoRuns(queue_name)}`]);
  return new RunningGateway(file, config, { ...options, listen, work });
}

class RunningGateway implements Gateway {
  readonly #place: GatewayPlace;
  readonly #config: Config;
  readonly #queue: QueueValues;
  readonly #options: GatewayOptions;
  readonly #log: GatewayLog;
  readonly #tracing: Tracing | undefined;
  #project: Project | undefined;
  #opened: OpenQueue | undefined;
  #worker: QueueWorker | undefined;
  #listener: Listener | undefined;
  #stopped: Promise<void> | undefined;
  /** Functions that close the sockets for other processes. */
  readonly #withdraw: (() => Promise<void>)[] = [];

  constructor(file: string, config: Config, options: GatewayOptions) {
    this.#place = { file, userDir: options.userDir ?? DEFAULT_USER_DIR };
    this.#config = config;
    this.#queue = valuesIn.job_queue(config);
    this.#options = options;
    this.#log = options.log ?? QUIET;
    this.#tracing = options.tracing ? openTracing() : undefined;
  }

  async start(): Promise<void> {
    const { listen, work } = this.#options;
    const { enabled, workers } = this.#queue;
    await mkdir(this.#place.userDir, { recursive: true });
    this.#project = openProject(
      projectOptionsOf(valuesIn.project(this.#config), dirname(resolve(this.#place.file))),
    );
    const ready: Promise<void>[] = [];
    if (enabled) ready.push(this.#openQueue());
    // Python's workers run the jobs of a queue of RQ.
    if (enabled && work && workers === 'node-red') this.#work(this.#project);
    if (listen) ready.push(this.#listen(this.#project));
    await Promise.all(ready);
  }

  async statistics(): Promise<GatewayStatistics> {
    const queue = await queueStatistics(this.#queue.enabled, this.#opened?.inspector);
    if (!this.#listener) return queue;
    const { address, broker, counts } = this.#listener;
    return { ...connectionStatistics({ address, broker, counts, connection: broker.connection }), ...queue };
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    await Promise.all(this.#withdraw.splice(0).map((withdraw) => withdraw()));
    await Promise.all([this.#listener?.stop(), this.#worker?.stop(GRACE)]);
    await Promise.all([this.#opened?.close(), this.#project?.close()]);
  }

  #openQueue(): Promise<void> {
    const { promise, report } = this.#untilReady(`the ${this.#queue.store} store`);
    const { base_dir } = valuesIn.project(this.#config);
    const opened = openQueue(storeOptionsOf(this.#queue, this.#place.userDir), {
      queue: { ...this.#queue, base_dir },
      listeners: { onConnection: report, onWarning: (text) => this.#log.warn(text) },
      readPickle,
      tracing: this.#tracing,
    });
    this.#opened = opened;
    return promise.then(() => this.#offerQueue(opened));
  }

  #work(project: Project): void {
    const queue = this.#queue;
    if (!this.#opened) return;
    this.#worker = openJobWorker({
      queue: this.#opened,
      concurrency: this.#options.concurrency ?? queue.worker_count,
      timeout: queue.timeout * 1000,
      isCommand: this.#options.isCommand ?? false,
      project,
      log: this.#log,
    });
  }

  #listen(project: Project): Promise<void> {
    const folder = dirname(resolve(this.#place.file));
    const { promise, report } = this.#untilReady('the broker');
    this.#listener = new Listener({
      connection: brokerOptionsOf(valuesIn.mqtt(this.#config), this.#place),
      subscriptions: valuesIn.subscriptions(this.#config),
      producer: this.#opened?.producer(),
      tracing: this.#tracing,
      project,
      resolve: (path) => resolve(folder, path),
      sessionFile: join(this.#place.userDir, 'flowerpower-sessions.json'),
      log: this.#log,
      onConnection: report,
    });
    this.#offerStatistics();
    return promise.then(() => this.#listener?.ready);
  }

  /** Lets `fp-mqtt monitor` see what this process does. */
  #offerStatistics(): void {
    const onError = ({ message }: Error) => this.#log.warn(`fp-mqtt monitor cannot ask: ${message}`);
    this.#withdraw.push(offerGateway({ ...this.#place, statistics: () => this.statistics(), onError }));
  }

  /** Lets `fp-mqtt jobs` reach a queue that this process alone has open. */
  #offerQueue({ inspector, connection }: OpenQueue): void {
    const address = storeOptionsOf(this.#queue, this.#place.userDir);
    if (address.store !== 'embedded' || connection().state !== 'connected') return;
    const { directory } = address;
    const { queue_name: queue } = this.#queue;
    const onError = ({ message }: Error) => this.#log.warn(`fp-mqtt jobs cannot reach the queue: ${message}`);
    this.#withdraw.push(offerInspector({ directory, queue, inspector, onError }));
  }

  /** Returns a function that logs a connection, and a promise that settles with its first answer. */
  #untilReady(name: string) {
    let ready = () => {};
    let fail = (_reason: Error) => {};
    const promise = new Promise<void>((resolved, rejected) => {
      ready = resolved;
      fail = rejected;
    });
    const tell = oncePerOutage((connection) => this.#tell(name, connection));
    const report = (connection: Connection) => {
      if (connection.state === 'connected') ready();
      if (connection.state === 'failed') fail(new GiveUpError(`${name}: ${connection.reason}`));
      tell(connection);
    };
    return { promise, report };
  }

  #tell(name: string, connection: Connection): void {
    if (connection.state === 'connected') this.#log.info(`connected to ${name}`);
    if (connection.state === 'waiting')
      this.#log.warn(`${name} is away, trying again by itself: ${connection.reason}`);
    if (connection.state === 'failed') this.#log.error(`${name}: ${connection.reason}`);
  }
}
