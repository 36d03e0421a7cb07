import { openGateway, type GatewayOptions } from '../../engine/gateway.ts';
import { userDirOf, userDirOption } from '../jobs/open-queue.ts';
import { DEFAULT_FILE, DONE, fileOf, UsageError, type Call, type Verb, type VerbOption } from '../verb.ts';
import { openLiveLine } from './live-line.ts';
import { logOf } from './log.ts';
import { metricsAddressOf, metricsOption, serveMetrics } from './metrics-server.ts';
import { untilStopped } from './until-stopped.ts';

const options: Record<string, VerbOption> = {
  concurrency: {
    type: 'string',
    short: 'c',
    value: 'N',
    about: "jobs at the same time (default: the file's worker_count)",
  },
  log: { type: 'string', value: 'FORMAT', about: 'text, or json: an object a line' },
  tracing: { type: 'boolean', about: 'trace with OpenTelemetry, whose SDK NODE_OPTIONS starts' },
  metrics: metricsOption,
  'user-dir': userDirOption,
};

const run: Verb = {
  words: 'run',
  operands: '[FILE]',
  about: `listen, and run jobs, without Node-RED (default: ${DEFAULT_FILE}); SIGTERM ends it cleanly`,
  options: {
    ...options,
    'listen-only': { type: 'boolean', about: 'take messages in, and leave the jobs to workers elsewhere' },
    'workers-only': { type: 'boolean', about: 'run jobs, and take no messages in' },
  },
  run(call) {
    const listenOnly = call.options['listen-only'] === true;
    const workersOnly = call.options['workers-only'] === true;
    if (listenOnly && workersOnly) throw new UsageError('either --listen-only or --workers-only');
    return runGateway(call, { listen: !workersOnly, work: !listenOnly });
  },
};

const worker: Verb = {
  words: 'worker',
  operands: '[FILE]',
  about: 'one more worker of the queue, on this or another machine (Redis, PostgreSQL)',
  options,
  run: (call) => runGateway(call, { listen: false, work: true }),
};

/** The verbs that stay until they are stopped. */
export const runVerbs: Verb[] = [run, worker];

async function runGateway(call: Call, parts: Pick<GatewayOptions, 'listen' | 'work'>): Promise<number> {
  const stopped = untilStopped();
  const metrics = metricsAddressOf(call);
  const live = openLiveLine(call);
  const log = logOf({ ...call, print: live.print });
  const gateway = await openGateway(fileOf(call), {
    ...parts,
    // Who listens, too, is not just a worker.
    isCommand: !parts.listen,
    ...concurrencyOf(call),
    userDir: userDirOf(call),
    tracing: call.options['tracing'] === true,
    metrics: metrics !== undefined,
    log,
  });
  let closeMetrics: (() => Promise<void>) | undefined;
  try {
    closeMetrics = metrics && (await serveMetrics(metrics, () => gateway.metrics()));
    live.follow(() => gateway.statistics());
    await Promise.race([gateway.start(), stopped]);
    log.info(`${await stopped}: what runs has 10 s to end`);
    return DONE;
  } finally {
    live.close();
    await closeMetrics?.();
    await gateway.stop();
  }
}

function concurrencyOf({ options: { concurrency } }: Call): Pick<GatewayOptions, 'concurrency'> {
  if (concurrency === undefined) return {};
  const value = Number(concurrency);
  if (Number.isInteger(value) && value >= 1 && value <= 1000) return { concurrency: value };
  throw new UsageError(`--concurrency must be a whole number from 1 to 1000, found ${concurrency}`);
}
