import { existsSync, readFileSync } from 'node:fs';

/** What became of each message. */
export interface Account {
  sent: number;
  /** Messages that the broker took and no job ran for. */
  lost: number[];
  /** Messages that more than one job was made of. */
  doubled: number[];
  /** Runs beyond the first of one job: the price of at-least-once. */
  repeatedRuns: number;
}

/** The file in which each run of a job writes the number of its message and the job's id, before the job ends. */
export class Ledger {
  readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  /** How many different messages have run. */
  get ran(): number {
    return this.#jobs().size;
  }

  settle(confirmed: Iterable<number>): Account {
    const jobs = this.#jobs();
    const sent = [...confirmed];
    const counts = [...jobs.values()].flatMap((runs) => [...runs.values()]);
    return {
      sent: sent.length,
      lost: sent.filter((number) => !jobs.has(number)),
      doubled: [...jobs].filter(([number, runs]) => number >= 0 && runs.size > 1).map(([number]) => number),
      repeatedRuns: counts.reduce((sum, count) => sum + count - 1, 0),
    };
  }

  /** For each message the jobs that were made of it, and how often each ran. */
  #jobs(): Map<number, Map<string, number>> {
    const jobs = new Map<number, Map<string, number>>();
    if (!existsSync(this.file)) return jobs;
    for (const line of readFileSync(this.file, 'utf8').split('\n')) {
      const [number, job] = line.split(' ');
      if (!number || !job) continue;
      const runs = jobs.get(Number(number)) ?? new Map<string, number>();
      runs.set(job, (runs.get(job) ?? 0) + 1);
      jobs.set(Number(number), runs);
    }
    return jobs;
  }
}
