import { writeSync } from 'node:fs';
import { PGlite, protocol } from '@electric-sql/pglite';
import { DurableFs } from './durable-fs.ts';
import { readMessages, type Outcome } from './read-messages.ts';

/** PostgreSQL on one directory: one session, one query at a time. */
export interface Postgres {
  /** Commits, but what was committed is durable only after `flush`. */
  run(text: string, values?: (string | null)[]): Promise<Outcome>;
  /** Makes all commits durable, with one fsync for all of them. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const { serialize } = protocol;

const SETTINGS = {
  search_path: 'bullmq',
  // Of the methods that PostgreSQL has, the only one that reaches DurableFs.
  wal_sync_method: 'fsync',
  // A commit waits for `flush`, and an answer waits for its commit.
  synchronous_commit: 'off',
  // Memory: one session, on a small machine.
  shared_buffers: '16MB',
  wal_buffers: '1MB',
  maintenance_work_mem: '8MB',
  max_connections: '4',
  max_wal_senders: '0',
  // The log on disk: files of 4 MB, which are used again.
  min_wal_size: '16MB',
  max_wal_size: '32MB',
  default_statistics_target: '20',
  log_min_messages: 'fatal',
  // Without the time, for a failure that repeats itself is told once.
  log_line_prefix: '',
};

const START_PARAMETERS = [
  // Without -F, which would switch fsync off.
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  ...Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
];

const FLUSH_STATEMENT = 'flush';

/** Asks for a flush of the log only if there is anything to flush. */
const FLUSH = `
  SELECT pg_logical_emit_message(false, 'flush', '', true)
  WHERE pg_current_wal_insert_lsn() > pg_current_wal_flush_lsn()`;

/** The SQLSTATE of all that is asked in a transaction that failed: nothing can be flushed in it, nothing was committed. */
const IN_FAILED_TRANSACTION = '25P02';

/** Opens the database in `directory`, which must be there; fails with the last words of PostgreSQL's log. */
export async function openPGlite(directory: string): Promise<Postgres> {
  let lastWords = '';
  let isOpen = false;
  const onStderr = (line: string) => {
    if (isOpen) writeSync(process.stderr.fd, `${line}\n`);
    lastWords = `${lastWords}\n${line}`.slice(-2000).trim();
    return false;
  };
  try {
    const options = { fs: new DurableFs(directory), startParams: START_PARAMETERS, onStderr };
    const database = await PGlite.create(options);
    isOpen = true;
    endProcessOnCrash(database);
    return await asPostgres(database);
  } catch (error) {
    throw new Error(lastWords || String(error), { cause: error });
  }
}

async function asPostgres(database: PGlite): Promise<Postgres> {
  const execute = async (...parts: Uint8Array[]): Promise<Outcome> => {
    const message = Buffer.concat(parts);
    return readMessages(await database.execProtocolStream(message, { throwOnError: false, syncToFs: false }));
  };
  const runPrepared = (statement: string) =>
    execute(serialize.bind({ statement }), serialize.execute({}), serialize.sync());
  await execute(serialize.parse({ name: FLUSH_STATEMENT, text: FLUSH }), serialize.sync());
  return {
    run: (text, values) =>
      values
        ? execute(
            serialize.parse({ text }),
            serialize.bind({ values: values.map(wellFormed) }),
            serialize.describe({ type: 'P' }),
            serialize.execute({}),
            serialize.sync(),
          )
        : execute(serialize.query(text)),
    async flush() {
      const { error } = await runPrepared(FLUSH_STATEMENT);
      if (error && error['code'] !== IN_FAILED_TRANSACTION)
        throw new Error(`the log could not be written: ${error.message}`);
    },
    close: () => database.close(),
  };
}

/** Half of a surrogate pair has no UTF-8; PGlite would count its bytes wrongly, and the next message be garbage. */
function wellFormed(value: string | null): string | null {
  return value?.replaceAll(/\p{Surrogate}/gu, '\ufffd') ?? null;
}

/**
 * A panic of PostgreSQL (its disk is full, an fsync failed) or a fault in its code surfaces as an exception. PGlite
 * swallows it and goes on with a broken database, or for ever. So the process ends there, and the next one recovers.
 */
function endProcessOnCrash(database: PGlite): void {
  // PostgreSQL's own errors leave its main loop by this number, and it goes on.
  const HANDLED = 100;
  const module = database.Module;
  const step = module._PostgresMainLoopOnce.bind(module);
  module._PostgresMainLoopOnce = () => {
    try {
      step();
    } catch (error) {
      const { status, message } = error as { status?: number; message?: string };
      if (status === HANDLED) throw error;
      writeSync(process.stderr.fd, `PostgreSQL crashed: ${message}\n`);
      process.exit(1);
    }
  };
}
