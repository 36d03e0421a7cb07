import { faults, type Fault } from './faults.ts';
import type { Random } from './random.ts';
import type { Stage } from './stage.ts';
import { waitWhileMoving } from './while-moving.ts';

/** A fault that struck while messages were on their way. */
export interface Strike {
  name: string;
  /** The number of the next message to be published. */
  at: number;
  /** Messages that were published and had not run. */
  inFlight: number;
}

export interface StrikeOptions {
  messages: number;
  /** Messages a second. */
  rate: number;
  faults: number;
  random: Random;
  /** The names of the only faults that strike. */
  only?: string[];
}

/** A fault strikes only when at least so many messages are in flight. */
export const LEAST_IN_FLIGHT = 10;
/** Messages for each fault: some before it, those in flight, and some after it. */
export const LEAST_SHARE = 3 * LEAST_IN_FLIGHT;
/** The next share waits while more are in flight: faults are not to strike a mere backlog. */
const MOST_IN_FLIGHT = 1000;

/**
 * Publishes a share of the messages for each fault, which strikes within it: traffic goes before it, is in flight when it
 * strikes, and goes on meanwhile. `onStrike` hears of each fault that has struck.
 */
export async function strikeAll(
  stage: Stage,
  options: StrikeOptions,
  onStrike: (strike: Strike) => void,
): Promise<void> {
  const { messages, rate } = options;
  const chosen = choose(stage, options);
  if (chosen.length === 0) return stage.publisher.publish(messages, rate);
  for (const [index, fault] of chosen.entries()) {
    const share = shareOf(index, messages, chosen.length);
    onStrike(await strikeWithin(share, fault, { stage, ...options }));
  }
}

/** Each kind once before any kind twice, in an order that the seed decides. */
function choose(stage: Stage, { faults: count, only, random }: StrikeOptions): Fault[] {
  const possible = faults.filter(
    ({ name, isPossible }) => (isPossible?.(stage) ?? true) && (only?.includes(name) ?? true),
  );
  if (possible.length === 0) throw new Error(`there is no fault "${only?.join()}" here`);
  const chosen: Fault[] = [];
  while (chosen.length < count) chosen.push(...random.shuffled(possible));
  return chosen.slice(0, count);
}

/** All shares together are all messages. */
function shareOf(index: number, messages: number, count: number): number {
  return Math.floor(((index + 1) * messages) / count) - Math.floor((index * messages) / count);
}

async function strikeWithin(
  share: number,
  fault: Fault,
  { stage, rate, random }: StrikeOptions & { stage: Stage },
): Promise<Strike> {
  const { publisher, ledger } = stage;
  const inFlight = () => publisher.confirmed.size - ledger.finished;
  await untilAtWork(ledger, inFlight);
  const before = random.between(1, Math.floor(share / 2) - LEAST_IN_FLIGHT);
  await publisher.publish(before, rate);
  let left = share - before;
  for (; left >= LEAST_IN_FLIGHT && inFlight() < LEAST_IN_FLIGHT; left -= LEAST_IN_FLIGHT) {
    await publisher.publish(LEAST_IN_FLIGHT);
  }
  const strike = { name: fault.name, at: publisher.next, inFlight: inFlight() };
  if (strike.inFlight < LEAST_IN_FLIGHT) throw new Error(`only ${strike.inFlight} messages are in flight`);
  const [detail] = await Promise.all([fault.strike(stage, random), publisher.publish(left, rate)]);
  return detail === undefined ? strike : { ...strike, name: `${strike.name} (${detail})` };
}

/** Waits until something has run since the last fault. */
async function untilAtWork(ledger: Stage['ledger'], inFlight: () => number): Promise<void> {
  const ran = ledger.lines;
  const isAtWork = () => inFlight() === 0 || (ledger.lines > ran && inFlight() < MOST_IN_FLIGHT);
  if (await waitWhileMoving(isAtWork, () => ledger.lines)) return;
  throw new Error(`nothing runs any more, ${inFlight()} messages are in flight`);
}
