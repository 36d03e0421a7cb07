/** The database process. `startDatabaseProcess` starts it; it ends with its parent. */
import { writeSync } from 'node:fs';
import { GiveUpError, StoreLockedError } from '../../../../base/errors.ts';
import type { Command, Refusal, Report } from '../database-messages.ts';
import { Batches } from './batches.ts';
import { keepRunning } from './keep-running.ts';
import { openDirectory } from './open-directory.ts';
import type { Postgres } from './pglite.ts';
import { markOf } from './process-mark.ts';
import { openUpkeep } from './upkeep.ts';

/** Maximum milliseconds for a close after the parent has ended. */
const CLOSE_TIME = 5000;

/** Errors that a person must fix; others may be temporary. */
const NEEDS_PERSON = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENAMETOOLONG']);

const [, , directory = ''] = process.argv;

process.title = 'flowerpower-database';
keepRunning();
process.on('uncaughtException', (error) => exitWith(error.message));
// Ctrl-C signals the whole process group. Ignore it: the parent closes this process.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

void start();

async function start(): Promise<void> {
  const holder = { keeper: markOf(process.pid), owner: markOf(process.ppid) };
  const warn = (text: string) => report({ is: 'warning', text });
  try {
    const postgres = await openDirectory({
      directory,
      holder,
      warn,
      onBusy: () => report({ is: 'busy' }),
      onLockLost: () => exitWith(`another process took ${directory}`),
    });
    handleCommands(postgres);
    report({ is: 'opened' });
  } catch (error) {
    report({ is: 'refused', refusal: refusal(error) }, () => process.exit());
  }
}

function handleCommands(postgres: Postgres): void {
  const batches = new Batches({
    postgres,
    reply: (answers, notifications) => report({ is: 'answers', answers, notifications }),
    between: openUpkeep(postgres),
  });
  const close = async () => {
    setTimeout(() => exitWith('the database did not close'), CLOSE_TIME);
    await batches.idle();
    await postgres.close();
    process.exit();
  };
  process.on('message', (commands: Command[]) => {
    for (const command of commands) execute(command, batches, close);
  });
  process.on('disconnect', () => void close());
  if (!process.connected) void close();
}

function execute(command: Command, batches: Batches, close: () => Promise<void>): void {
  if (command.do === 'query') batches.add(command);
  else if (command.do === 'end session') batches.endSession(command.session);
  else void close();
}

function report(message: Report, sent?: () => void): void {
  // If the parent has ended, 'disconnect' ends this process.
  process.send?.(message, undefined, undefined, () => sent?.());
}

function refusal(error: unknown): Refusal {
  const { message, code } = error as NodeJS.ErrnoException;
  if (error instanceof StoreLockedError) return { kind: 'locked', message };
  if (error instanceof GiveUpError || NEEDS_PERSON.has(code ?? '')) return { kind: 'give up', message };
  return { kind: 'unavailable', message };
}

function exitWith(reason: string): never {
  writeSync(process.stderr.fd, `${reason}\n`);
  process.exit(1);
}
