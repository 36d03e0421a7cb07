import { NO_SESSION, type Answer, type Notification, type Query } from '../messages.ts';
import type { Postgres } from './pglite.ts';

export interface Session {
  query(query: Query): void;
  /** Rolls back what the session of a client left open. */
  end(session: number): void;
  /** Resolves when every query was answered. */
  idle(): Promise<void>;
}

interface SessionOptions {
  postgres: Postgres;
  reply: (answers: Answer[], notifications: Notification[]) => void;
  /** Runs between two batches, with the number of queries of the last one. */
  between: (queries: number) => Promise<void>;
}

/** A batch runs at least this long and at most that long, in milliseconds; see `batchTime`. */
const SHORTEST = 5;
const LONGEST = 50;

/**
 * Runs queries one after the other, in batches: those that came meanwhile run together and share one fsync. No answer
 * leaves before that, so what is confirmed is durable.
 */
export function openSession({ postgres, reply, between }: SessionOptions): Session {
  const waiting: Query[] = [];
  let holder = NO_SESSION;
  let batchTime = SHORTEST;
  let running: Promise<void> | undefined;

  const start = () => {
    running ??= runBatches().finally(() => (running = undefined));
  };

  async function runBatches(): Promise<void> {
    // What else has arrived is in the event loop's queue.
    await new Promise(setImmediate);
    while (hasNext()) {
      const queries = await runBatch();
      await between(queries);
      await new Promise(setImmediate);
    }
  }

  async function runBatch(): Promise<number> {
    const answers: Answer[] = [];
    const notifications: Notification[] = [];
    const began = performance.now();
    for (let query = next(); query; query = performance.now() - began < batchTime ? next() : undefined) {
      const { results, error, ...rest } = await run(query);
      answers.push(error ? { id: query.id, error } : { id: query.id, results });
      notifications.push(...rest.notifications);
    }
    const ran = performance.now();
    await postgres.flush();
    // The slower the disk, the more queries share an fsync; half of the time may go to it.
    batchTime = Math.min(LONGEST, Math.max(SHORTEST, performance.now() - ran));
    reply(answers, notifications);
    return answers.length;
  }

  async function run({ text, values, session }: Query): ReturnType<Postgres['run']> {
    const outcome = await postgres.run(text, values);
    holder = outcome.isInTransaction ? session : NO_SESSION;
    if (!outcome.isInTransaction || session !== NO_SESSION) return outcome;
    await postgres.run('ROLLBACK');
    return { ...outcome, error: { message: 'a transaction needs a client of its own: call connect()' } };
  }

  const isNext = ({ session }: Query) => holder === NO_SESSION || session === holder;
  const hasNext = () => waiting.some(isNext);
  const next = () => {
    const index = waiting.findIndex(isNext);
    return index < 0 ? undefined : waiting.splice(index, 1)[0];
  };

  return {
    query(query) {
      waiting.push(query);
      start();
    },
    end(session) {
      waiting.push({ do: 'query', id: 0, session, text: 'ROLLBACK' });
      start();
    },
    async idle() {
      await running;
    },
  };
}
