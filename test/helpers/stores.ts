/** The kinds of store that this machine can run, with the address of a shared one. */
import { join } from 'node:path';
import type { StoreKind } from '../../src/base/model.ts';
import type { EmbeddedPool } from '../../src/queue/store/embedded/embedded-pool.ts';
import { openEmbeddedDatabase } from '../../src/queue/store/embedded/shared-databases.ts';
import type { StoreOptions } from '../../src/queue/store/store-options.ts';
import type { Handles } from './open-handles.ts';
import { postgresUrl, sharedPostgres } from './postgres.ts';
import { sharedRedis } from './redis.ts';
import { describeWith, type ServerName } from './requires.ts';
import { temporaryDirectory } from './servers.ts';

/** All tests share one database, and use unique queue names. */
const embeddedDirectory = join(temporaryDirectory('embedded'), 'store');
const closingDirectory = join(temporaryDirectory('embedded'), 'closing');

export interface StoreCase {
  kind: StoreKind;
  servers: ServerName[];
  address: () => Promise<StoreOptions>;
}

export const storeCases: StoreCase[] = [
  {
    kind: 'embedded',
    servers: [],
    address: async () => ({ store: 'embedded', directory: embeddedDirectory }),
  },
  {
    kind: 'redis',
    servers: ['redis'],
    address: async () => ({ store: 'redis', redis_url: `redis://127.0.0.1:${sharedRedis().port}` }),
  },
  {
    kind: 'postgres',
    servers: ['postgres'],
    address: async () => ({ store: 'postgres', postgres_url: postgresUrl(sharedPostgres()) }),
  },
];

/**
 * Defines the same suite for every store, or for those in `kinds`. Call `address` in hooks and tests. The embedded
 * database runs on for later files: its start takes most of a second of processor time.
 */
export function describeStores(
  title: string,
  suite: (address: () => Promise<StoreOptions>, kind: StoreKind) => void,
  kinds: StoreKind[] = ['embedded', 'redis', 'postgres'],
): void {
  for (const { kind, servers, address } of storeCases) {
    if (!kinds.includes(kind)) continue;
    describeWith(servers, `${title} (${kind})`, () => {
      if (kind === 'embedded') keepRunning();
      suite(address, kind);
    });
  }
}

let kept: Promise<EmbeddedPool> | undefined;
let keptHandles: Handles = {};

/** Keeps the embedded database open: otherwise each test would start and end it. */
export function keepRunning(): void {
  before(async () => {
    kept ??= open();
    await kept;
  });
}

async function open(): Promise<EmbeddedPool> {
  const pool = await openEmbeddedDatabase(embeddedDirectory);
  keptHandles = { ProcessWrap: 1 };
  return pool;
}

/** Returns the handles that stay open with the database. */
export function handlesOfStores(): Handles {
  return keptHandles;
}

/** Closes the database if a test opened it. */
export async function closeStores(): Promise<void> {
  await (await kept)?.close();
}

/** Returns a store that closes with its last user, as on a deploy. */
export function closingStore(address: StoreOptions): StoreOptions {
  return address.store === 'embedded' ? { ...address, directory: closingDirectory } : address;
}
