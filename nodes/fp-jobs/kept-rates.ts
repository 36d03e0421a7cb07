import type { Inspector } from '../../src/index.ts';
import type { Rates } from './answers.ts';
import { lastEnd } from './history.ts';

const MINUTE = 60_000;
/** Milliseconds: the history has a row a minute. */
const KEPT = 15_000;

/** The rates of a queue, read again after some seconds. */
export class KeptRates {
  #kept: Promise<Rates> | undefined;
  #until = 0;

  read(queue: Inspector): Promise<Rates> {
    if (this.#kept && Date.now() < this.#until) return this.#kept;
    const rates = readRates(queue);
    [this.#kept, this.#until] = [rates, Date.now() + KEPT];
    rates.catch(() => (this.#until = 0));
    return rates;
  }
}

/** Reads the jobs in and out of each of the last 30 minutes, oldest first. */
async function readRates(queue: Inspector): Promise<Rates> {
  const begin = lastEnd(MINUTE) - 30 * MINUTE;
  const rows = await queue.history({ since: new Date(begin) });
  const byTime = new Map(rows.map((row) => [row.minute.getTime(), row]));
  const minutes = Array.from({ length: 30 }, (_, n) => byTime.get(begin + n * MINUTE));
  return {
    added: minutes.map((row) => row?.enqueued ?? 0),
    ended: minutes.map((row) => (row ? row.completed + row.failed : 0)),
  };
}
