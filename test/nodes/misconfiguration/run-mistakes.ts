import type { MqttClient } from 'mqtt';
import { openProducer, openStore } from '../../../src/index.ts';
import { sharedMosquitto } from '../../helpers/mosquitto.ts';
import { sharedNodeRed, type TestNodeRed } from '../../helpers/node-red.ts';
import { projectWith } from '../../helpers/project.ts';
import { publisher } from '../../helpers/publisher.ts';
import { sharedRedis } from '../../helpers/redis.ts';
import { probe } from '../../helpers/test-nodes.ts';
import type { Mistake } from './mistake.ts';
import { flowsOf } from './trial-flows.ts';
import { openTrial, type SeenAt, type Trial } from './trial.ts';
import { untilOrStill } from './until-or-still.ts';

/** What became of a chain with a mistake. */
export interface Outcome {
  /** Everything had run before the mistake was corrected. */
  ranBefore: boolean;
  /** What the red and yellow nodes said while the flow had the mistake. */
  shown: string[];
  /** What they say after it was corrected. */
  shownInTheEnd: string[];
  /** Messages and jobs that have not run in the end. */
  lost: number[];
  deadLetters: number;
}

export type DeployType = NonNullable<Parameters<TestNodeRed['deploy']>[1]>;

/** So many messages, and as many jobs, on each side of the restart. */
const ROUND = 3;

/**
 * Makes all mistakes at the same time. Half of the messages and jobs come before a restart of all flows, and half after it;
 * then a deploy corrects every mistake.
 */
export async function runMistakes(
  mistakes: Mistake[],
  correction: DeployType,
): Promise<Map<Mistake, Outcome>> {
  const red = await sharedNodeRed();
  const places = {
    brokerPort: sharedMosquitto().port,
    storePort: sharedRedis().port,
    base_dir: projectWith({ 'unused.js': '' }),
  };
  const seenAt = sinks();
  const trials = flowsOf(mistakes, places).map((flow) => openTrial(red, flow, seenAt));
  const right = trials.flatMap((trial) => trial.right);
  const wrong = trials.flatMap((trial) => trial.wrong);
  const client = await publisher(sharedMosquitto());
  try {
    await red.deploy(right);
    await untilAll(trials, (trial) => trial.isSubscribed());
    for (const round of [1, 2]) {
      await red.deploy(wrong);
      await send(trials, round, client);
      await untilAll(trials, (trial) => trial.hasReceived(round) && hasCome(trial));
    }
    const before = outcomes(trials, (trial, mistake) => ({
      ranBefore: trial.hasRunAll(),
      shown: trial.shown(mistake),
    }));
    await red.deploy(right, correction);
    await untilAll(trials, (trial) => trial.hasRunAll() && isWell(trial));
    return outcomes(trials, (trial, mistake) => ({
      ...before.get(mistake)!,
      ...trial.end(),
      shownInTheEnd: trial.trouble(mistake),
    }));
  } finally {
    await client.endAsync();
  }
}

/** Returns the messages of each sink; a sink may be that of several trials. */
function sinks(): SeenAt {
  const seen = new Map<string, ReturnType<SeenAt>>();
  return (id) => {
    const messages = seen.get(id) ?? probe(id).messages;
    seen.set(id, messages);
    return messages;
  };
}

function outcomes<T>(trials: Trial[], of: (trial: Trial, mistake: Mistake) => T): Map<Mistake, T> {
  return new Map(
    trials.flatMap((trial) => trial.mistakes.map(({ mistake }) => [mistake, of(trial, mistake)] as const)),
  );
}

async function send(trials: Trial[], round: number, client: MqttClient): Promise<void> {
  const store = openStore({ store: 'redis', redis_url: `redis://127.0.0.1:${sharedRedis().port}` });
  try {
    for (const trial of trials) {
      const producer = openProducer(store, { queue_name: trial.key, max_retries: 0 });
      const { messages, jobs } = trial.next(ROUND);
      const job = (payload: object) => producer.add({ name: 'job', msg: { payload } });
      const publish = (payload: object) =>
        client.publishAsync(trial.topic, JSON.stringify(payload), { qos: trial.qos });
      await Promise.all([...messages.map(publish), ...jobs.map(job)]);
      // A message at QoS 0 is not behind those that wait for their acknowledgement.
      if (messages.length > 0) await client.publishAsync(trial.otherTopic, `${round}`, { qos: 0 });
      await producer.close();
    }
  } finally {
    await store.close();
  }
}

/** Whether each mistake has had the effect that is seen first; a chain beside a mistake runs. */
function hasCome(trial: Trial): boolean {
  const isUntouched = trial.untouched.length > 0;
  return (!isUntouched || trial.hasRunAll()) && trial.mistakes.every(({ mistake }) => isSeen(trial, mistake));
}

function isSeen(trial: Trial, mistake: Mistake): boolean {
  switch (mistake.outcome) {
    case 'runs':
      return trial.hasRunAll();
    case 'waits':
      return trial.shown(mistake).length > 0;
    case 'either':
      return trial.hasRunAll() || trial.shown(mistake).length > 0;
    case 'stays':
    default:
      return true;
  }
}

function isWell(trial: Trial): boolean {
  return trial.mistakes.every(({ mistake }) => trial.trouble(mistake).length === 0);
}

/** The tests tell of those for which it doesn't come true. */
async function untilAll(trials: Trial[], isDone: (trial: Trial) => boolean): Promise<void> {
  await untilOrStill(() => trials.filter((trial) => !isDone(trial)).length);
}
