import type { TestNodeRed } from '../../helpers/node-red.ts';
import { otherTopicOf, topicOf } from './chain.ts';
import type { Mistake } from './mistake.ts';
import type { TrialFlow } from './trial-flows.ts';

/** A flow with mistakes, and what is seen of it. */
export interface Trial extends TrialFlow {
  topic: string;
  otherTopic: string;
  qos: 1 | 2;
  /** Returns the payloads of the next messages and jobs. */
  next(count: number): { messages: Payload[]; jobs: Payload[] };
  isSubscribed(): boolean;
  /** Whether messages of this round have arrived; all have if the connection has the mistake. */
  hasReceived(round: number): boolean;
  hasRunAll(): boolean;
  /** Returns the texts of red and yellow nodes that may show this mistake. */
  shown(mistake: Mistake): string[];
  /** Returns the texts of those and of nodes that no mistake may touch. */
  trouble(mistake: Mistake): string[];
  end(): { lost: number[]; deadLetters: number };
}

interface Payload {
  key: string;
  number: number;
}

/** Returns the messages that a sink has got so far. */
export type SeenAt = (id: string) => { payload?: unknown }[];

/** What a node shows on its way to green: it is no trouble that a person would see. */
const ON_THE_WAY = /^(connecting|subscribing)$/;

/** Call it before the first deploy. */
export function openTrial(red: TestNodeRed, flow: TrialFlow, seenAt: SeenAt): Trial {
  const { key, worksIn, part, mistakes, untouched } = flow;
  const { reaches = 'sink', qos = 1 } = mistakes[0]?.mistake ?? {};
  const listens = part !== 'working';
  const others = seenAt(`${key}-other-sink`);
  const [ran, deadLetters] = [seenAt(`${worksIn}-${reaches}`), seenAt(`${worksIn}-dead-letters`)];
  const status = (id: string) => red.status(`${key}-${id}`);
  let numbers = 0;

  const ours = (messages: { payload?: unknown }[]) =>
    messages.map(({ payload }) => Object(payload) as Payload).filter((payload) => payload.key === key);
  const numbersRun = new Set<number>();
  let looked = 0;
  const lost = () => {
    for (const { number } of ours(ran.slice(looked))) numbersRun.add(number);
    looked = ran.length;
    return Array.from({ length: numbers }, (_, i) => i + 1).filter((number) => !numbersRun.has(number));
  };
  const textsOf = (ids: string[]) =>
    ids.flatMap((id) => {
      const { fill, text = '' } = red.status(id);
      const isTrouble = fill === 'red' || fill === 'yellow';
      return isTrouble && !ON_THE_WAY.test(text) ? [`${id} ${fill}: ${text}`] : [];
    });
  const idsOf = (mistake: Mistake) => mistakes.find((one) => one.mistake === mistake)?.ids ?? [];
  const take = (count: number) => Array.from({ length: count }, () => ({ key, number: (numbers += 1) }));
  return {
    ...flow,
    topic: topicOf(key),
    otherTopic: otherTopicOf(key),
    qos,
    next: (count) => ({
      messages: listens ? take(count) : [],
      jobs: part === 'listening' ? [] : take(count),
    }),
    isSubscribed: () => !listens || ['subscribe', 'other'].every((id) => status(id).fill === 'green'),
    hasReceived: (round) => !listens || others.length >= round || status('other').fill === 'red',
    hasRunAll: () => lost().length === 0,
    shown: (mistake) => textsOf(idsOf(mistake)),
    trouble: (mistake) => textsOf([...idsOf(mistake), ...untouched]),
    end: () => ({ lost: lost(), deadLetters: ours(deadLetters).length }),
  };
}
