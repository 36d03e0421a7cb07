import type { StoreKind } from '../../src/index.ts';
import type { BrokerName } from './brokers.ts';
import type { Account } from './ledger.ts';
import { watchMemory, type Memory } from './memory-watch.ts';
import { leftInStore, untilQuiet } from './quiet.ts';
import type { WantedRun } from './messages.ts';
import { seeded, seedOf } from './random.ts';
import { openStage, type Stage } from './stage.ts';
import { strikeAll, type Strike } from './strikes.ts';
import { whereabouts } from './whereabouts.ts';

export interface CampaignOptions {
  store: StoreKind;
  broker: BrokerName;
  /** MQTT 3.1.1 (4) or 5. */
  protocol: 4 | 5;
  qos: 1 | 2;
  messages: number;
  /** Messages a second. */
  rate: number;
  faults: number;
  seed: number;
  /** The names of the only faults that strike. */
  only?: string[];
}

/** What a campaign found. */
export interface Finding extends Account {
  struck: Strike[];
  /** What kept a fault from striking, or what was left when all should have been done. */
  failures: string[];
  /** The end of Node-RED's log each time that it ended by itself. */
  crashes: string[];
  memory: Memory;
  /** Lines of Node-RED's log that tell of errors nobody handled. */
  unhandled: string[];
  /** Messages that the broker sent anew after PUBREL, and what passed; they are none of those that we doubled. */
  sentAnew: string[];
  /** What passed of the messages that we doubled at QoS 2. */
  traces: string[];
  /** Where the jobs of lost runs are. */
  stuck: string[];
}

/** So many lost runs are looked for in the store: it may hold a hundred thousand jobs. */
const MOST_TRACED = 20;

/** Publishes messages while faults strike, waits until nothing is under way any more, and settles the account. */
export async function runCampaign(options: CampaignOptions): Promise<Finding> {
  const { store, broker, protocol, qos, seed } = options;
  const releases: (() => Promise<void>)[] = [];
  try {
    const topic = ['faults', store, ...otherThanUsual(options), qos, seed].join('_');
    const stage = await openStage({ store, broker, protocol, qos, topic }, (release) =>
      releases.push(release),
    );
    return await run(stage, options);
  } finally {
    for (const release of releases.toReversed()) await release();
  }
}

async function run(stage: Stage, { qos, ...options }: CampaignOptions): Promise<Finding> {
  const { nodeRed, ledger, publisher, trace } = stage;
  const struck: Strike[] = [];
  const failures: string[] = [];
  const endMemory = watchMemory(() => nodeRed.memory());
  // So that stores and QoS do not get the same faults in the same order.
  const random = seeded(seedOf(stage.topic));
  await strikeAll(stage, { ...options, random }, (strike) => struck.push(strike)).catch((error: Error) =>
    failures.push(
      `after ${struck.length} faults, ${struck.at(-1)?.name ?? 'none'} the last: ${error.message}`,
    ),
  );
  failures.push(...(await untilQuiet(stage)));
  const memory = endMemory();
  await nodeRed.stop().catch((error: Error) => failures.push(error.message));
  failures.push(...(await leftInStore(stage)).map((left) => `${left} in the end`));
  const account = ledger.settle(publisher.confirmed);
  const [sentAnew, doubled] = partition(account.doubled, ({ number }) => trace.wasSentAnew(number));
  const describe = ({ number, pipeline }: WantedRun) => `${number} ${pipeline}: ${trace.describe(number)}`;
  return {
    ...account,
    doubled,
    sentAnew: sentAnew.map(describe),
    traces: qos === 2 ? doubled.map(describe) : [],
    stuck: await whereabouts(account.lost.slice(0, MOST_TRACED), stage),
    struck,
    failures,
    crashes: nodeRed.crashes,
    memory,
    unhandled: nodeRed.unhandled,
  };
}

/** The topic decides which faults strike: without these, it is the one of many runs with known faults. */
function otherThanUsual({ broker, protocol }: CampaignOptions): (string | number)[] {
  return broker === 'mosquitto' && protocol === 4 ? [] : [broker, protocol];
}

function partition<T>(values: T[], isFirst: (value: T) => boolean): [T[], T[]] {
  return [values.filter(isFirst), values.filter((value) => !isFirst(value))];
}
