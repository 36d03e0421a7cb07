import { createHash } from 'node:crypto';
import { PostgresQueueBackend } from 'bullmq';
import type { RestAfter } from '../driver.ts';
import { restedReads } from '../rested-reads.ts';
import { eventReader, type ReadEvent } from './read-events.ts';

/**
 * Names the session of a worker. PostgreSQL truncates names to 63 bytes and a queue's name may be longer, so the name
 * starts with a hash of ten bytes. It includes the schema: other schemas may have a queue of the same name.
 */
export function sessionName(schema: string, queue: string, worker = ''): string {
  return `${mark(schema, queue)}:${worker}`;
}

/** Higher than the ID of any event. */
const LAST_ID = '9223372036854775807';

/** Lists workers by the names from `sessionName`, in the form that BullMQ expects, and reads every event. */
export class StoreBackend extends PostgresQueueBackend {
  /** Called before abandoned jobs are looked for. */
  beforeStalledCheck: (() => Promise<void>) | undefined;
  #readEvents: (() => Promise<ReadEvent[]>) | undefined;
  /** Asked after each read of events. */
  restAfter: RestAfter = () => 0;
  readonly #restedReads = restedReads(
    (_id, longest) => this.#readNext(longest),
    (found, elapsed) => this.restAfter(found, elapsed),
    () => this.closing !== undefined,
  );

  override async moveStalledJobsToWait(): Promise<string[]> {
    await this.beforeStalledCheck?.();
    return super.moveStalledJobsToWait();
  }

  override readEvents(id: string, longest: number): ReturnType<PostgresQueueBackend['readEvents']> {
    return this.#restedReads(id, longest);
  }

  async #readNext(longest: number): ReturnType<PostgresQueueBackend['readEvents']> {
    this.#readEvents ??= eventReader(this.connection.pool, this.queueName);
    let events = await this.#readEvents();
    if (events.length === 0) {
      // There is no such event: BullMQ only waits for the next one.
      await super.readEvents(LAST_ID, longest);
      events = await this.#readEvents();
    }
    return events.length > 0 ? [['events', events]] : null;
  }

  override async getClientList(): Promise<string[]> {
    const lists = await super.getClientList();
    const ours = `name=${mark(this.connection.schema, this.queueName)}:`;
    return lists.map((list) => list.replaceAll(ours, `name=${this.clientName(':w:')}`));
  }
}

function mark(schema: string, queue: string): string {
  const hash = createHash('sha256').update(`${schema}/${queue}`).digest('base64url');
  return `fp${hash.slice(0, 8)}`;
}
