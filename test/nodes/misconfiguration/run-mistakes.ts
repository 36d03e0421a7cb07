import type { MqttClient } from 'mqtt';
import { openProducer, openStore } from '../../../src/index.ts';
import { sharedMosquitto } from '../../helpers/mosquitto.ts';
import { sharedNodeRed, type TestNodeRed } from '../../helpers/node-red.ts';
import { projectWith } from '../../helpers/project.ts';
import { publisher } from '../../helpers/publisher.ts';
import { sharedRedis } from '../../helpers/redis.ts';
import { unique } from '../../helpers/unique.ts';
import { chain, withKey } from './chain.ts';
import type { Mistake } from './mistake.ts';
import { openTrial, type Trial } from './trial.ts';
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
const ROUND = 10;

/**
 * Makes each mistake in a chain of its own. Half of the messages and jobs come before a restart of all flows, and half
 * after it; then a deploy corrects every mistake.
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
  const trials = mistakes.map((mistake) => {
    const key = unique('trial');
    const right = chain(key, places);
    const flows = { right: withKey(key, right), wrong: withKey(key, mistake.make(right)) };
    return openTrial(red, { key, mistake, ...flows });
  });
  const client = await publisher(sharedMosquitto());
  try {
    await red.deploy(trials.flatMap(({ right }) => right));
    await untilAll(trials, (trial) => trial.isSubscribed());
    for (const round of [1, 2]) {
      await red.deploy(trials.flatMap(({ wrong }) => wrong));
      await send(trials, round, client);
      await untilAll(trials, (trial) => trial.hasReceived(round) && hasCome(trial));
    }
    const before = trials.map((trial) => ({ ranBefore: trial.hasRunAll(), shown: trial.shown() }));
    await red.deploy(
      trials.flatMap(({ right }) => right),
      correction,
    );
    await untilAll(trials, (trial) => trial.hasRunAll() && trial.shown().length === 0);
    return new Map(trials.map((trial, i) => [trial.mistake, { ...before[i]!, ...trial.end() }]));
  } finally {
    await client.endAsync();
  }
}

async function send(trials: Trial[], round: number, client: MqttClient): Promise<void> {
  const store = openStore({ store: 'redis', redis_url: `redis://127.0.0.1:${sharedRedis().port}` });
  try {
    for (const trial of trials) {
      const producer = openProducer(store, { queue_name: trial.key, max_retries: 0 });
      const { messages, jobs } = trial.next(ROUND);
      const job = (number: number) => producer.add({ name: 'job', msg: { payload: { number } } });
      const publish = (number: number) =>
        client.publishAsync(trial.topic, JSON.stringify({ number }), { qos: trial.mistake.qos ?? 1 });
      await Promise.all([...messages.map(publish), ...jobs.map(job)]);
      // A message at QoS 0 is not behind those that wait for their acknowledgement.
      await client.publishAsync(trial.otherTopic, `${round}`, { qos: 0 });
      await producer.close();
    }
  } finally {
    await store.close();
  }
}

/** Whether a mistake has had the effect that is seen first. */
function hasCome(trial: Trial): boolean {
  switch (trial.mistake.outcome) {
    case 'runs':
      return trial.hasRunAll();
    case 'waits':
      return trial.shown().length > 0;
    case 'either':
      return trial.hasRunAll() || trial.shown().length > 0;
    case 'stays':
    default:
      return true;
  }
}

/** The tests tell of those for which it doesn't come true. */
async function untilAll(trials: Trial[], isDone: (trial: Trial) => boolean): Promise<void> {
  await untilOrStill(() => trials.filter((trial) => !isDone(trial)).length);
}
