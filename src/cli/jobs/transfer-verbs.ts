import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { exportJobs, importJobs } from '../../queue/transfer-jobs.ts';
import { DONE, FAILED, UsageError, type Call, type Verb } from '../verb.ts';
import { queueOptions, withStore } from './open-queue.ts';

const exporting: Verb = {
  words: 'jobs export',
  operands: 'FILE',
  about: 'write the jobs of all queues of the store to a new file (embedded, PostgreSQL)',
  options: queueOptions,
  async run(call) {
    const file = fileOf(call);
    await withStore(call, (store) =>
      pipeline(broken(exportJobs(store)), createWriteStream(file, { flags: 'wx', mode: 0o600 })),
    );
    return DONE;
  },
};

const importing: Verb = {
  words: 'jobs import',
  operands: 'FILE',
  about: 'add the jobs of an export; jobs that the store has stay as they are',
  options: queueOptions,
  async run(call) {
    const file = fileOf(call);
    const { jobs, refused, reason } = await withStore(call, (store) =>
      importJobs(store, createInterface({ input: createReadStream(file), crlfDelay: Infinity })),
    );
    call.print(`${jobs === 1 ? '1 job' : `${jobs} jobs`} added\n`);
    if (refused === 0) return DONE;
    call.warn(`fp-mqtt: the store refused ${refused} rows: ${reason}\n`);
    return FAILED;
  },
};

/** The verbs that move jobs from one store to another. */
export const transferVerbs: Verb[] = [exporting, importing];

async function* broken(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`;
}

function fileOf({ operands: [file, ...others] }: Call): string {
  if (file === undefined || others.length > 0) throw new UsageError('one file is needed, for the jobs');
  return file;
}
