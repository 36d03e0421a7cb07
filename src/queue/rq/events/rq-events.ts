import type { Redis } from 'ioredis';
import { GiveUpError } from '../../../base/errors.ts';
import { closingController } from '../../../base/closing-controller.ts';
import { pause, waitToRetry } from '../../../base/growing-delay.ts';
import { orInterrupted } from '../../../base/or-interrupted.ts';
import type { JobDetails } from '../../inspect/read-job.ts';
import type { JobEvent } from '../../events/job-event.ts';
import type { Audience, EventSource } from '../../events/job-listeners.ts';
import { errorText } from '../../store/error-text.ts';
import { readRqJob } from '../inspect/read-rq-job.ts';
import { queueKeys } from '../keys.ts';
import type { ReadPickle } from '../read-serialized.ts';
import type { RqStore } from '../rq-store.ts';

/** Milliseconds between two looks. */
const INTERVAL = 1000;
const PAGE = 100;
/** Ended jobs that are looked at, newest first: RQ starts a process for each, so there are fewer in a second. */
const MOST_NEW = 1000;
/** Milliseconds that the clocks of the machines may differ by. */
const LATE = 60_000;

type Ending = 'completed' | 'dead';

interface RqQueue {
  queue: string;
  readPickle: ReadPickle;
}

/**
 * Hears which jobs of a queue have ended. RQ tells nobody, so this looks at its lists of finished and failed jobs, which are
 * sorted by the time at which they are forgotten: of jobs that are forgotten much sooner than others, some may be missed.
 */
export function openRqEvents(store: RqStore, of: RqQueue, audience: Audience): EventSource {
  const closing = closingController();
  const running = look(store, of, { audience, closing: closing.signal });
  // It only ends when it is closed.
  running.catch(() => undefined);
  return {
    async close() {
      closing.abort();
    },
  };
}

interface Looking {
  audience: Audience;
  closing: AbortSignal;
}

async function look(store: RqStore, of: RqQueue, { audience, closing }: Looking): Promise<void> {
  const client = await orInterrupted(store.client(), closing);
  const keys = queueKeys(of.queue);
  const lists = { completed: new EndedList(client, keys.finished), dead: new EndedList(client, keys.failed) };
  const begun = Date.now();
  const tellEnded = async (kind: Ending) => {
    const ids = await orInterrupted(lists[kind].ended(), closing);
    for (const id of ids.filter((ended) => audience.wants(kind, ended))) {
      const job = await orInterrupted(readRqJob(store, id, of).catch(gone), closing);
      if (job && Number(job.finishedAt ?? begun) > begun - LATE) audience.tell(toEvent(kind, job));
    }
  };
  for (let failures = 0; !closing.aborted; await pause(INTERVAL, closing)) {
    try {
      await tellEnded('completed');
      await tellEnded('dead');
      failures = 0;
    } catch (error) {
      if (closing.aborted) return;
      store.warn(`ends of jobs cannot be read: ${errorText(error)}`);
      await waitToRetry(++failures, closing);
    }
  }
}

/** Somebody may have removed it meanwhile. */
function gone(error: unknown): undefined {
  if (!(error instanceof GiveUpError)) throw error;
}

/** One of RQ's lists. */
class EndedList {
  readonly #client: Redis;
  readonly #key: string;
  /** What it had at the last look, with the time at which each job is forgotten: a job that ends anew gets another one. */
  #known: Set<string> | undefined;

  constructor(client: Redis, key: string) {
    this.#client = client;
    this.#key = key;
  }

  /** The jobs that have ended since the last look, oldest first; none at the first one. */
  async ended(): Promise<string[]> {
    const known = this.#known;
    const found: string[] = [];
    const added: string[] = [];
    for (let from = 0; from < MOST_NEW; from += PAGE) {
      const page = pairs(await this.#client.zrevrange(this.#key, from, from + PAGE - 1, 'WITHSCORES'));
      found.push(...page);
      const isNew = known ? page.filter((one) => !known.has(one)) : [];
      added.push(...isNew);
      if (page.length < PAGE || (known && isNew.length < page.length)) break;
    }
    this.#known = new Set([...new Set([...found, ...(known ?? [])])].slice(0, 2 * MOST_NEW));
    return added.map((one) => one.slice(one.indexOf(' ') + 1)).toReversed();
  }
}

/** Score and ID of each. */
function pairs(answer: string[]): string[] {
  return answer.flatMap((id, index) => (index % 2 === 0 ? [`${answer[index + 1]} ${id}`] : []));
}

function toEvent(kind: Ending, details: JobDetails): JobEvent {
  const { id, name, queue, finishedAt, attempt, attempts, worker, result, error, stacks } = details;
  return {
    kind,
    queue,
    at: finishedAt ?? new Date(),
    job: { id, name, queue },
    attempt,
    attempts,
    worker,
    ...(kind === 'completed' ? { result } : { error: { message: error ?? 'failed', stack: stacks.at(-1) } }),
  };
}
