import type { PgPool, PgPoolClient, PgQueryResult } from 'bullmq';
import type { Client, ClientConfig, Pool } from 'pg';
import type { DriverContext } from '../driver.ts';
import type { PgModule } from './load-pg.ts';
import { reconnectProbe, retryUntilServed, type UntilServed } from '../sql/retry-until-served.ts';
import { InterruptedError } from '../../../base/errors.ts';
import { settledWithin } from '../../../base/settled-within.ts';

interface PoolOptions {
  config: ClientConfig;
  size: number;
  load: () => Promise<PgModule>;
}

const CLOSE_TIME = 1000;

/** Connections that wait while PostgreSQL is unavailable: a pool for queries, and one session for each LISTEN. */
export class PostgresPool implements PgPool {
  readonly #options: PoolOptions;
  readonly #probe: (reason: Error) => void;
  readonly #untilServed: UntilServed;
  readonly #clients = new Set<Client>();
  #pool: Promise<Pool> | undefined;
  #isEnded = false;

  constructor(options: PoolOptions, context: DriverContext) {
    this.#options = options;
    this.#probe = reconnectProbe(context, () => this.query('SELECT 1'));
    this.#untilServed = retryUntilServed(context);
  }

  query(text: string, params?: readonly unknown[]): Promise<PgQueryResult> {
    return this.#untilServed(async () => (await this.#open()).query(text, params as unknown[]));
  }

  connect(): Promise<PgPoolClient> {
    return this.#untilServed(() => this.#openSession());
  }

  /** Closes every connection, even if the server does not answer. */
  async end(): Promise<void> {
    this.#isEnded = true;
    const pool = await this.#pool?.catch(() => undefined);
    const ends = [...this.#clients].map((client) => client.end());
    await settledWithin(CLOSE_TIME, Promise.all([pool?.end(), ...ends]));
    for (const client of this.#clients) client.connection.stream.destroy();
    this.#clients.clear();
  }

  /** Ignores listeners: the store reports the state of the connections. */
  on(): this {
    return this;
  }

  removeAllListeners(): this {
    return this;
  }

  #open(): Promise<Pool> {
    if (!this.#pool) {
      this.#pool = this.#makePool();
      this.#pool.catch(() => {
        this.#pool = undefined;
      });
    }
    return this.#pool;
  }

  async #makePool(): Promise<Pool> {
    const { Pool } = await this.#options.load();
    const { config, size } = this.#options;
    const pool = new Pool({ ...config, max: size, idleTimeoutMillis: 0 });
    pool.on('connect', (client) => this.#track(client as Client));
    pool.on('error', this.#probe);
    return pool;
  }

  async #openSession(): Promise<PgPoolClient> {
    const { Client } = await this.#options.load();
    const client = new Client(this.#options.config);
    const ignore = () => undefined;
    client.on('error', ignore);
    this.#track(client);
    try {
      await client.connect();
      // It would stay open: `end` did not know of it.
      if (this.#isEnded) throw new InterruptedError('the queue was closed');
    } catch (error) {
      await client.end().catch(ignore);
      throw error;
    }
    const release = () => {
      // BullMQ removes its listeners first, and an error event without a listener ends the process.
      client.on('error', ignore);
      client.end().catch(ignore);
    };
    return Object.assign(client, { release }) as PgPoolClient;
  }

  #track(client: Client): void {
    this.#clients.add(client);
    client.once('end', () => this.#clients.delete(client));
  }
}
