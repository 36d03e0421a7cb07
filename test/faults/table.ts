import type { CampaignOptions, Finding } from './campaign.ts';
import type { Strike } from './strikes.ts';
import { hasGrown } from './memory-watch.ts';

const columns = [
  'broker',
  'MQTT',
  'store',
  'QoS',
  'messages',
  'faults',
  'in flight at faults: least, median',
  'lost',
  'made two jobs',
  'sent anew by the broker',
  'ran again',
  'peak MB: first, last third',
];

/** The head of the table that `rowOf` fills. */
export function head(): string {
  return `${line(columns)}\n${line(columns.map(() => '---'))}`;
}

/** A campaign in one line. */
export function rowOf({ broker, protocol, store, qos }: CampaignOptions, finding: Finding): string {
  const { sent, struck, lost, doubled, sentAnew, repeatedRuns, memory } = finding;
  const inFlight = struck.map((strike) => strike.inFlight).toSorted((a, b) => a - b);
  const median = inFlight[Math.floor(inFlight.length / 2)];
  const atFaults = struck.length > 0 ? `${inFlight[0]}, ${median}` : '';
  const outcome = [lost.length, doubled.length, sentAnew.length, repeatedRuns];
  const version = protocol === 4 ? '3.1.1' : '5';
  return line([
    broker,
    version,
    store,
    qos,
    sent,
    struck.length,
    atFaults,
    ...outcome,
    `${memory.first}, ${memory.last}`,
  ]);
}

/** Why a campaign counts as failed, nothing if it does not. */
export function troublesOf({ qos, messages, faults }: CampaignOptions, finding: Finding): string[] {
  const { sent, struck, lost, doubled, traces, failures, crashes, memory, unhandled, stuck } = finding;
  const lostRuns = lost.map(({ number, pipeline }) => `${number} ${pipeline}`);
  const troubles: [boolean, string][] = [
    [struck.length !== faults, `only ${struck.length} of ${faults} faults struck`],
    [sent !== messages, `only ${sent} of ${messages} messages were taken by the broker`],
    [lost.length > 0, `lost: ${some(lostRuns)}; ${some(stuck)}`],
    [qos === 2 && doubled.length > 0, `made two jobs of: ${some(traces)}`],
    [failures.length > 0, failures.join('; ')],
    [crashes.length > 0, `Node-RED ended by itself ${crashes.length} times: ${crashes[0]}`],
    [hasGrown(memory), `memory grew from ${memory.first} to ${memory.last} MB`],
    [unhandled.length > 0, `nobody handled: ${unhandled[0]}`],
  ];
  const found = troubles.filter(([isTrouble]) => isTrouble).map(([, trouble]) => trouble);
  return found.length > 0 ? [...found, `faults: ${struck.map(described).join('; ')}`] : [];
}

function line(cells: (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}

function described({ name, at }: Strike): string {
  return `${name} before message ${at}`;
}

function some(texts: string[]): string {
  return texts.slice(0, 20).join('; ');
}
