import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../test/helpers/until.ts';
import { withChild, type Child } from '../child.ts';
import { jobs, subscribing, type StoreName } from '../flows.ts';
import { newLine, publishAt, type Line } from '../line.ts';
import { quantile, type Measured, type Row } from '../measured.ts';
import { startBare, startNodeRed } from '../processes.ts';
import { sharedServers } from '../servers.ts';

const PER_SECOND = 100;
const SECONDS = 10;
const IDLE = 5000;

interface Times {
  /** Median milliseconds from publish to the pipeline. */
  latency: number;
  /** 99th percentile of the event loop's delay in milliseconds, with messages. */
  busy: number;
  /** The same without messages. */
  idle: number;
}

/** Latency from publish to the pipeline at a constant rate, and event loop delay of Node-RED. */
export function latency(store: StoreName): Row {
  return {
    name: `latency-${store}`,
    async run() {
      const bare = await times(startBare(), (child, line) => child.ask('run', line));
      const ours = await times(startNodeRed(), (child, line) => child.ask('deploy', flow(line, store)));
      const pace = `at ${PER_SECOND} messages/s (${store})`;
      const against = 'a script with mqtt.js and BullMQ alone (redis)';
      return [
        divided(`latency ${pace}`, [ours.latency, bare.latency], against),
        divided(`event-loop delay p99 ${pace}`, [ours.busy, ours.idle], 'idle'),
      ];
    },
  };
}

function flow(line: Line, store: StoreName) {
  return [...subscribing(line, 'enqueue'), ...jobs(line, store)];
}

async function times(
  starting: Promise<Child>,
  connect: (child: Child, line: Line) => Promise<unknown>,
): Promise<Times> {
  const line = newLine(await sharedServers());
  return withChild(starting, async (child) => {
    await connect(child, line);
    await untilFlowing(child, line);
    await child.ask('delay');
    await sleep(IDLE);
    const idle = await child.ask<number>('delay');
    await publishAt(PER_SECOND, SECONDS, line);
    const busy = await child.ask<number>('delay');
    return { latency: quantile(await child.ask<number[]>('latencies'), 0.5), busy, idle };
  });
}

/** Waits until a first message has arrived and no other is in progress. */
async function untilFlowing(child: Child, line: Line): Promise<void> {
  await until('a message comes through', async () => {
    await publishAt(PER_SECOND, 1 / PER_SECOND, line);
    await sleep(500);
    return (await child.ask<number[]>('latencies')).length > 0;
  });
}

function divided(what: string, [ours, other]: [number, number], against: string): Measured {
  return { what, against, value: ours / other, detail: `${ours.toFixed(1)} and ${other.toFixed(1)} ms` };
}
