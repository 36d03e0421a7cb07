import type { NodeAPI, NodeStatus } from 'node-red';
import {
  jobEventKinds,
  machineName,
  OptionsError,
  type Connection,
  type JobEvent,
  type JobEventKind,
} from '../../src/index.ts';
import { sharedBy } from '../config-node.ts';
import type { QueueConfig } from '../fp-queue-config/fp-queue-config.ts';
import type { Properties } from '../properties.ts';
import { instanceId } from '../instance-id.ts';
import { registerNode, type Opening } from '../register-node.ts';
import { connectionStatus, counted, switchedOff } from '../status.ts';
import { whenStarted, type WhenStarted } from '../when-started.ts';
import { Alarms, type Limits, type Sample } from './alarms.ts';
import { alarmMessage, eventMessage } from './event-message.ts';
import { rules } from './properties.ts';
import { watchConditions } from './watch-conditions.ts';

type EventsProperties = Properties<typeof rules>;

export default function register(RED: NodeAPI): void {
  const started = whenStarted(RED);
  registerNode(RED, { type: 'fp-events', rules, open: (opening) => open(opening, started) });
}

function open(opening: Opening<typeof rules>, started: WhenStarted): void {
  const { RED, properties, status } = opening;
  const config = sharedBy<QueueConfig>(RED, properties.queue, 'queue');
  if (properties.machine === 'own' && config.noWorkers !== undefined) {
    throw new OptionsError(['RQ does not tell on which machine a job ran: choose all machines']);
  }
  if (properties.catch_up && config.noWorkers !== undefined) {
    throw new OptionsError(['a queue of RQ keeps no position: switch catching up off']);
  }
  if (!config.enabled) {
    status.show(switchedOff);
    return;
  }
  const begin = prepare(opening, config);
  let hasBegun = false;
  started(opening, () => {
    if (!hasBegun) begin();
    hasBegun = true;
  });
}

/** Opens the queue. Call the returned function when the nodes behind this one have started. */
function prepare(
  { RED, node, properties, status, onClose }: Opening<typeof rules>,
  config: QueueConfig,
): () => void {
  const limits = limitsOf(properties);
  const alarms = new Alarms(limits);
  let connection: Connection = { state: 'connecting' };
  let hasBegun = false;
  let told = 0;
  const show = () => status.show(() => statusOf(connection, told, alarms));
  const onSample = (sample: Sample) => {
    for (const alarm of alarms.update(sample)) node.send(alarmMessage(config.properties.queue_name, alarm));
    show();
  };
  const { listen, follow, release } = config.use((changed) => {
    connection = changed;
    if (hasBegun) onSample(awayOf(changed));
    else show();
  });
  onClose(release);
  const onEvent = (event: JobEvent) => {
    if (!isWanted(event, properties)) return;
    told += 1;
    // Another fp-events may send the same result.
    node.send(RED.util.cloneMessage(eventMessage(event)));
    show();
  };
  const kinds = kindsOf(properties);
  const interval = properties.interval * 1000;
  const warn = (text: string) => node.warn(text);
  return () => {
    hasBegun = true;
    onSample(awayOf(connection));
    if (properties.catch_up) onClose(follow(positionName(RED, node), { kinds, onEvent }));
    else if (kinds.length > 0) onClose(listen({ kinds, onEvent }));
    onClose(watchConditions({ config, listen, limits, interval, onSample, warn }));
  };
}

/** The same flow may run in several instances of Node-RED. */
function positionName(RED: NodeAPI, { id }: { id: string }): string {
  return ['fp-events', instanceId(RED), id].join(':');
}

function kindsOf(properties: EventsProperties): JobEventKind[] {
  return jobEventKinds.filter((kind) => properties[kind === 'resumed' ? 'paused' : kind]);
}

/** Events of a queue as a whole are of no pipeline and no machine. */
function isWanted({ job, worker }: JobEvent, { pipeline, machine }: EventsProperties): boolean {
  if (!job) return true;
  const isOwn = machine === 'all' || worker === undefined || worker.machine === machineName();
  return isOwn && (pipeline === '' || job.name === pipeline);
}

function limitsOf({ backlog, oldest, failure_rate, no_worker, away }: EventsProperties): Limits {
  return { backlog, oldest, failure_rate, no_worker: no_worker ? 1 : undefined, away };
}

/** At the start it is not known yet. */
function awayOf(connection: Connection): Sample {
  if (connection.state === 'connected') return { away: '' };
  return 'reason' in connection ? { away: connection.reason } : {};
}

function statusOf(connection: Connection, told: number, { active }: Alarms): NodeStatus {
  if (active.length > 0) return { fill: 'red', shape: 'dot', text: `alarm: ${active.join(', ')}` };
  if (connection.state !== 'connected') return connectionStatus(connection);
  return { fill: 'green', shape: 'dot', text: counted(told, 'event') };
}
