import { setTimeout as wait } from 'node:timers/promises';
import { callGateway } from '../../engine/gateway-socket.ts';
import type { GatewayStatistics } from '../../engine/gateway.ts';
import { NobodyThereError } from '../../base/local-socket.ts';
import type { WorkerInfo } from '../../queue/inspect/list-workers.ts';
import type { QueueState } from '../../queue/inspect/queue-state.ts';
import { userDirOf, userDirOption, withQueue } from '../jobs/open-queue.ts';
import { stateText, workersText } from '../jobs/texts.ts';
import { table } from '../table.ts';
import { DEFAULT_FILE, DONE, fileOf, json, UsageError, type Call, type Verb } from '../verb.ts';

/** What there is to see at one moment. */
interface Look {
  at: number;
  /** Undefined where no `fp-mqtt run` of this file listens on this machine. */
  listener: GatewayStatistics | undefined;
  queue: QueueState;
  workers: WorkerInfo[];
}

export const monitor: Verb = {
  words: 'monitor',
  operands: '[FILE]',
  about: `watch connection, subscriptions, queue, workers and rates (default: ${DEFAULT_FILE})`,
  options: {
    interval: { type: 'string', value: 'S', about: 'seconds between two looks, 1 to 3600 (default: 2)' },
    once: { type: 'boolean', about: 'look once' },
    'user-dir': userDirOption,
    json,
  },
  async run(call) {
    const file = fileOf(call);
    const interval = intervalOf(call);
    return withQueue({ ...call, options: { ...call.options, config: file } }, async ({ inspector }) => {
      let before: Look | undefined;
      for (;;) {
        const look: Look = {
          at: Date.now(),
          listener: await listenerOf(file, userDirOf(call)),
          queue: await inspector.state(),
          workers: await inspector.workers(),
        };
        call.print(shownAs(call, look, before));
        if (call.options['once']) return DONE;
        before = look;
        await wait(interval);
      }
    });
  },
};

async function listenerOf(file: string, userDir: string): Promise<GatewayStatistics | undefined> {
  try {
    return await callGateway(userDir, file);
  } catch (error) {
    if (error instanceof NobodyThereError) return undefined;
    throw error;
  }
}

/** A terminal is cleared first (ECMA-48: ED, CUP); a pipe gets one look after the other. */
function shownAs({ options, isTerminal }: Call, look: Look, before: Look | undefined): string {
  if (options['json']) return `${JSON.stringify(look)}\n`;
  return `${isTerminal ? '\u001B[2J\u001B[H' : ''}${lookText(look, before)}\n`;
}

function lookText(look: Look, before: Look | undefined): string {
  const { listener, queue, workers } = look;
  return [listenerText(listener, ratesText(look, before)), stateText(queue), workersText(workers)].join('\n');
}

function listenerText(listener: GatewayStatistics | undefined, rates: string): string {
  if (!listener) return 'no fp-mqtt run of this file listens on this machine\n';
  const { connected, broker, message_count, error_count, subscriptions = [] } = listener;
  const head = `${broker} ${connected ? 'connected' : 'not connected'}, ${message_count} messages, ${error_count} errors${rates}\n`;
  const rows = subscriptions.map(({ topic, qos, execution_mode, pipeline, ...counts }) =>
    [topic, qos, execution_mode, pipeline, counts.message_count, counts.error_count].map(String),
  );
  return `${head}${table([['TOPIC', 'QOS', 'MODE', 'PIPELINE', 'MESSAGES', 'ERRORS'], ...rows])}`;
}

function ratesText(look: Look, before: Look | undefined): string {
  if (!before?.listener || !look.listener) return '';
  const messages = (look.listener.message_count ?? 0) - (before.listener.message_count ?? 0);
  const seconds = (look.at - before.at) / 1000;
  return `, ${(messages / seconds).toFixed(1)}/s`;
}

function intervalOf({ options: { interval = '2' } }: Call): number {
  const seconds = Number(interval);
  if (seconds >= 1 && seconds <= 3600) return seconds * 1000;
  throw new UsageError(`--interval must be a number of seconds from 1 to 3600, found ${interval}`);
}
