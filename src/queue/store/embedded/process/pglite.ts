import { writeSync } from 'node:fs';
import { PGlite, protocol } from '@electric-sql/pglite';
import { DurableFs } from './durable-fs.ts';
import { readMessages, type Outcome } from './read-messages.ts';

/** PostgreSQL on one directory, with one session and one query at a time. */
export interface Postgres {
  /** Runs and commits a query; the commit is durable after `flush`. */
  run(text: string, values?: (string | null)[]): Promise<Outcome>;
  /** Makes all commits durable, with one fsync for all of them. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const { serialize } = protocol;

const SETTINGS = {
  search_path: 'bullmq',
  // The only method that calls DurableFs.
  wal_sync_method: 'fsync',
  // `flush` makes commits durable; answers are sent after it.
  synchronous_commit: 'off',
  // Save memory: there is one session, perhaps on a small machine.
  shared_buffers: '16MB',
  wal_buffers: '1MB',
  maintenance_work_mem: '8MB',
  max_connections: '4',
  max_wal_senders: '0',
  // Write-ahead log: files of 4 MB, which are reused.
  min_wal_size: '16MB',
  max_wal_size: '32MB',
  default_statistics_target: '20',
  log_min_messages: 'fatal',
  // Omit the time, so that a repeated error is the same text and is reported once.
  log_line_prefix: '',
};

const START_PARAMETERS = [
  // Omit -F, which turns fsync off.
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  ...Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
];

const FLUSH_STATEMENT = 'flush';

/** Flushes the write-ahead log if there is anything to flush. */
const FLUSH = `
  SELECT pg_logical_emit_message(false, 'flush', '', true)
  WHERE pg_current_wal_insert_lsn() > pg_current_wal_flush_lsn()`;

/** Omits PGlite's search for the types of arrays, a tenth of a start: values are in PostgreSQL's text format here. */
class BarePGlite extends PGlite {
  override async _initArrayTypes(): Promise<void> {
    // Nothing converts values.
  }
}

/** SQLSTATE of every query in a failed transaction. Flushing fails too, but there are no commits to flush. */
const IN_FAILED_TRANSACTION = '25P02';

/** Opens the database in `directory`, which must exist. Fails with the last lines of PostgreSQL's log. */
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
    const database = new BarePGlite(options);
    await database.waitReady;
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
        throw new Error(`the write-ahead log could not be written: ${error.message}`);
    },
    close: () => database.close(),
  };
}

/** Replaces lone surrogates, which UTF-8 lacks. PGlite miscounts their bytes and would corrupt the next message. */
function wellFormed(value: string | null): string | null {
  return value?.replaceAll(/\p{Surrogate}/gu, '\ufffd') ?? null;
}

/**
 * Ends the process if PostgreSQL crashes; the next process recovers. A panic (full disk, failed fsync) or a bug causes
 * an exception, which PGlite swallows: it would continue with a broken database, or hang.
 */
function endProcessOnCrash(database: PGlite): void {
  // Exit status of the main loop after an ordinary PostgreSQL error.
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
