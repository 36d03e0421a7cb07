import type { FlowNode, TestNodeRed } from '../../helpers/node-red.ts';
import { probe } from '../../helpers/test-nodes.ts';
import { otherTopicOf, topicOf } from './chain.ts';
import type { Mistake } from './mistake.ts';

export interface TrialOptions {
  /** Makes names unique; also the queue's name. */
  key: string;
  mistake: Mistake;
  right: FlowNode[];
  wrong: FlowNode[];
}

/** A chain with a mistake, and what is seen of it. */
export interface Trial extends TrialOptions {
  topic: string;
  otherTopic: string;
  /** The numbers of the next messages and jobs. */
  next(count: number): { messages: number[]; jobs: number[] };
  isSubscribed(): boolean;
  /** Whether messages of this round have arrived; all have where the connection has the mistake. */
  hasReceived(round: number): boolean;
  hasRunAll(): boolean;
  /** What red and yellow nodes say. */
  shown(): string[];
  end(): { lost: number[]; deadLetters: number; shownInTheEnd: string[] };
}

/** What a node shows on its way to green: it is no trouble that a person would see. */
const ON_THE_WAY = /^(connecting|subscribing)$/;

/** Call it before the first deploy. */
export function openTrial(red: TestNodeRed, options: TrialOptions): Trial {
  const { key, mistake, right } = options;
  const seenAt = (id: string) => probe(`${key}-${id}`).messages;
  const ran = seenAt(mistake.reaches ?? 'sink');
  const [others, deadLetters] = [seenAt('other-sink'), seenAt('dead-letters')];
  const status = (id: string) => red.status(`${key}-${id}`);
  const visible = right.filter(({ z }) => z !== undefined);
  let numbers = 0;

  const lost = () => {
    const numbersRun = new Set(ran.map(({ payload }) => Object(payload).number as number));
    return Array.from({ length: numbers }, (_, i) => i + 1).filter((number) => !numbersRun.has(number));
  };
  const shown = () =>
    // The editor shows no status of a config node.
    visible.flatMap(({ id }) => {
      const { fill, text = '' } = red.status(id);
      const isTrouble = fill === 'red' || fill === 'yellow';
      return isTrouble && !ON_THE_WAY.test(text) ? [`${id} ${fill}: ${text}`] : [];
    });
  const take = (count: number) => Array.from({ length: count }, () => (numbers += 1));
  return {
    ...options,
    topic: topicOf(key),
    otherTopic: otherTopicOf(key),
    next: (count) => ({ messages: take(count), jobs: take(count) }),
    isSubscribed: () => ['subscribe', 'other'].every((id) => status(id).fill === 'green'),
    hasReceived: (round) => others.length >= round || status('other').fill === 'red',
    hasRunAll: () => lost().length === 0,
    shown,
    end: () => ({ lost: lost(), deadLetters: deadLetters.length, shownInTheEnd: shown() }),
  };
}
