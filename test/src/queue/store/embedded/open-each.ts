/**
 * A process that opens and closes one directory after the other, each as a database process does, and reports what happened.
 * It compiles PostgreSQL's WebAssembly once, which takes most of the time of an open.
 */
import { openDirectory } from '../../../../../src/queue/store/embedded/process/open-directory.ts';
import { markOf } from '../../../../../src/queue/store/embedded/process/process-mark.ts';
import type { Outcome } from '../../../../../src/queue/store/embedded/process/read-messages.ts';

/** The directory, and statements to run. */
export interface OpenRequest {
  directory: string;
  statements: string[];
}

export interface OpenReport {
  warnings: string[];
  outcomes: Outcome[];
}

process.on('message', (request: OpenRequest) => void open(request));
process.on('disconnect', () => process.exit());

async function open({ directory, statements }: OpenRequest): Promise<void> {
  const warnings: string[] = [];
  const outcomes: Outcome[] = [];
  const postgres = await openDirectory({
    directory,
    holder: { keeper: markOf(process.pid), owner: markOf(process.ppid) },
    warn: (text) => warnings.push(text),
    onBusy: () => undefined,
    onLockLost: () => process.exit(1),
  });
  for (const statement of statements) outcomes.push(await postgres.run(statement));
  await postgres.close();
  process.send?.({ warnings, outcomes } satisfies OpenReport);
}
