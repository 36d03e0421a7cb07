import type { Node, NodeMessage } from 'node-red';
import type { JobRef } from '../../src/index.ts';
import { deliveryProperty } from '../settlement/settlement.ts';

type StoredMessage = NodeMessage & { job: Pick<JobRef, 'id'> };

/**
 * Messages that wait for the end of their job, and are then sent with its result, or go to a Catch node with its error.
 *
 * Each leaves as a new message: its delivery settled when the job was stored.
 */
export class AwaitedResults {
  readonly #node: Pick<Node, 'send' | 'error'>;
  readonly #waitForEnd: (id: string) => Promise<unknown>;
  readonly #onChange: (count: number) => void;
  #count = 0;
  #isClosed = false;

  constructor(
    node: Pick<Node, 'send' | 'error'>,
    waitForEnd: (id: string) => Promise<unknown>,
    onChange: (count: number) => void,
  ) {
    this.#node = node;
    this.#waitForEnd = waitForEnd;
    this.#onChange = onChange;
  }

  await(stored: StoredMessage): void {
    const { [deliveryProperty]: _settled, ...msg } = stored;
    this.#count += 1;
    this.#onChange(this.#count);
    this.#waitForEnd(stored.job.id).then(
      (payload) => this.#end(() => this.#node.send({ ...msg, payload })),
      (error: Error) => this.#end(() => this.#node.error(error, msg)),
    );
  }

  /** Drops the results that come later. */
  close(): void {
    this.#isClosed = true;
  }

  #end(tell: () => void): void {
    this.#count -= 1;
    if (this.#isClosed) return;
    this.#onChange(this.#count);
    tell();
  }
}
