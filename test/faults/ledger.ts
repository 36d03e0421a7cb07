import { closeSync, existsSync, openSync, readSync } from 'node:fs';

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
  /** For each message the jobs that were made of it, and how often each ran. */
  readonly #jobs = new Map<number, Map<string, number>>();
  #position = 0;
  #partOfLine = '';

  constructor(file: string) {
    this.file = file;
  }

  /** How many different messages have run. */
  get ran(): number {
    this.#readOn();
    return this.#jobs.size;
  }

  settle(confirmed: Iterable<number>): Account {
    this.#readOn();
    const sent = [...confirmed];
    const counts = [...this.#jobs.values()].flatMap((runs) => [...runs.values()]);
    const doubled = [...this.#jobs].filter(([number, runs]) => number >= 0 && runs.size > 1);
    return {
      sent: sent.length,
      lost: sent.filter((number) => !this.#jobs.has(number)),
      doubled: doubled.map(([number]) => number),
      repeatedRuns: counts.reduce((sum, count) => sum + count - 1, 0),
    };
  }

  #readOn(): void {
    const lines = (this.#partOfLine + this.#readNew()).split('\n');
    this.#partOfLine = lines.pop() ?? '';
    for (const line of lines) this.#note(line);
  }

  #note(line: string): void {
    const [number, job] = line.split(' ');
    if (!number || !job) return;
    const runs = this.#jobs.get(Number(number)) ?? new Map<string, number>();
    runs.set(job, (runs.get(job) ?? 0) + 1);
    this.#jobs.set(Number(number), runs);
  }

  #readNew(): string {
    if (!existsSync(this.file)) return '';
    const file = openSync(this.file, 'r');
    try {
      const chunk = Buffer.alloc(65_536);
      const pieces: string[] = [];
      for (;;) {
        const size = readSync(file, chunk, 0, chunk.length, this.#position);
        if (size === 0) return pieces.join('');
        this.#position += size;
        pieces.push(chunk.toString('latin1', 0, size));
      }
    } finally {
      closeSync(file);
    }
  }
}
