import type { NodeAPI, NodeStatus } from 'node-red';
import {
  InterruptedError,
  nextTime,
  OptionsError,
  type Schedule,
  type Schedules,
  type Times,
} from '../../src/index.ts';
import { sharedBy, type ConfigNode } from '../config-node.ts';
import type { QueueConfig } from '../fp-queue-config/fp-queue-config.ts';
import { registerNode, type Opening } from '../register-node.ts';
import { connectionStatus, switchedOff } from '../status.ts';
import { rules } from './properties.ts';

/** Milliseconds that a removed node has to remove its schedule; Node-RED itself waits 15 s. */
const REMOVAL_TIME = 5000;
/** Milliseconds between two updates of the status, which shows the next time. */
const SHOW_INTERVAL = 10_000;

export default function register(RED: NodeAPI): void {
  /** The config node that each node used before. */
  const before = new Map<string, string>();
  registerNode(RED, {
    type: 'fp-schedule',
    rules,
    open(opening) {
      leaveQueue(opening, before.get(opening.node.id));
      before.set(opening.node.id, opening.properties.queue);
      open(opening);
    },
  });
}

function open(opening: Opening<typeof rules>): void {
  const { RED, node, properties, status, onClose } = opening;
  const config = sharedBy<QueueConfig>(RED, properties.queue, 'queue');
  if (config.noWorkers !== undefined) throw new OptionsError(['RQ keeps no schedules: choose another queue']);
  const schedule = scheduleOf(opening);
  // A mistake that only the library finds.
  statusOf(schedule.times);
  if (!config.enabled) {
    status.show(switchedOff);
    return;
  }
  const { schedules, release } = config.use((connection) => {
    if (connection.state !== 'connected') status.show(connectionStatus(connection));
  });
  onClose(release);
  onClose((isRemoved) => (isRemoved ? removeInTime(opening, schedules) : undefined));
  const closing = new AbortController();
  const shown = () => (properties.enabled ? statusOf(schedule.times) : OFF);
  let showing: NodeJS.Timeout | undefined;
  onClose(() => clearInterval(showing));
  const place = async () => {
    if (properties.enabled) await schedules.put(schedule, closing.signal);
    else await schedules.remove(node.id, closing.signal);
    status.show(shown);
    showing = setInterval(() => status.show(shown), SHOW_INTERVAL);
  };
  const placed = place().catch((error: Error) => {
    if (error instanceof InterruptedError) return;
    status.show({ fill: 'red', shape: 'ring', text: error.message });
    node.error(error.message);
  });
  onClose(() => {
    closing.abort();
    return placed;
  });
}

const OFF: NodeStatus = { fill: 'grey', shape: 'ring', text: 'switched off' };

function scheduleOf(opening: Opening<typeof rules>): Schedule {
  const { node, properties } = opening;
  const { pipeline, topic, priority, attempts, times, pattern, tz, every } = properties;
  return {
    key: node.id,
    times: times === 'every' ? { every: Math.round(every * 1000) } : { pattern, ...(tz && { tz }) },
    job: {
      name: pipeline,
      msg: { payload: payloadOf(opening), topic },
      ...(priority !== undefined && { priority }),
      ...(attempts !== undefined && { attempts }),
    },
  };
}

function payloadOf({ RED, node, properties: { payload, payload_type } }: Opening<typeof rules>): unknown {
  try {
    return RED.util.evaluateNodeProperty(payload, payload_type, node, {});
  } catch (error) {
    throw new OptionsError([`invalid payload: ${(error as Error).message}`]);
  }
}

function statusOf(times: Times): NodeStatus {
  const text =
    'every' in times
      ? `every ${times.every / 1000} s`
      : `next ${nextTime(times, new Date()).toLocaleString('sv')}`;
  return { fill: 'green', shape: 'dot', text };
}

async function removeInTime({ node }: Opening<typeof rules>, schedules: Schedules): Promise<void> {
  const tooLate = AbortSignal.timeout(REMOVAL_TIME);
  await schedules.remove(node.id, tooLate).catch((error: Error) => {
    node.warn(`the schedule ${node.id} stays in the queue, remove it there: ${error.message}`);
  });
}

/** A schedule must not stay in the queue that the node used before a deploy. */
function leaveQueue({ RED, node, properties }: Opening<typeof rules>, before: string | undefined): void {
  if (before === undefined || before === properties.queue) return;
  const left = (RED.nodes.getNode(before) as ConfigNode<QueueConfig> | null)?.shared;
  left
    ?.look((queue) => queue.removeSchedule(node.id))
    .catch(({ message }: Error) => node.warn(`the queue used before may keep the schedule: ${message}`));
}
