import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { wantedRuns, type WantedRun } from './messages.ts';

/** What became of each message. */
export interface Account {
  sent: number;
  /** Runs that a message was sent for, and no job did; the broker took the message. */
  lost: WantedRun[];
  /** Runs that more than one job was made for. */
  doubled: WantedRun[];
  /** Runs beyond the first of one job: the price of at-least-once. */
  repeatedRuns: number;
}

/** The file in which each run of a job writes the number of its message, its pipeline and its id, before the job ends. */
export class Ledger {
  readonly file: string;
  /** For each wanted run the jobs that were made for it, and how often each ran. */
  readonly #jobs = new Map<string, Map<string, number>>();
  #lines = 0;
  #finished = 0;
  #position = 0;
  #partOfLine = '';

  constructor(file: string) {
    this.file = file;
  }

  /** How many runs there were. */
  get lines(): number {
    this.#readOn();
    return this.#lines;
  }

  /** How many of the messages that count have run in every pipeline they were sent to. */
  get finished(): number {
    this.#readOn();
    return this.#finished;
  }

  has(run: WantedRun): boolean {
    this.#readOn();
    return this.#jobs.has(keyOf(run));
  }

  settle(confirmed: Iterable<number>): Account {
    this.#readOn();
    const sent = [...confirmed];
    const wanted = sent.flatMap(wantedRuns);
    const counts = [...this.#jobs.values()].flatMap((runs) => [...runs.values()]);
    return {
      sent: sent.length,
      lost: wanted.filter((run) => !this.#jobs.has(keyOf(run))),
      doubled: wanted.filter((run) => (this.#jobs.get(keyOf(run))?.size ?? 0) > 1),
      repeatedRuns: counts.reduce((sum, count) => sum + count - 1, 0),
    };
  }

  #readOn(): void {
    const lines = (this.#partOfLine + this.#readNew()).split('\n');
    this.#partOfLine = lines.pop() ?? '';
    for (const line of lines) this.#note(line);
  }

  #note(line: string): void {
    const [number, pipeline, job] = line.split(' ');
    if (!number || !pipeline || !job) return;
    this.#lines += 1;
    const key = `${number} ${pipeline}`;
    const runs = this.#jobs.get(key);
    if (runs) runs.set(job, (runs.get(job) ?? 0) + 1);
    else this.#noteFirst(key, job);
  }

  #noteFirst(key: string, job: string): void {
    this.#jobs.set(key, new Map([[job, 1]]));
    const number = Number.parseInt(key, 10);
    if (number >= 0 && wantedRuns(number).every((run) => this.#jobs.has(keyOf(run)))) this.#finished += 1;
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

function keyOf({ number, pipeline }: WantedRun): string {
  return `${number} ${pipeline}`;
}
