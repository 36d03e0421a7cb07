import type { ChildProcess } from 'node:child_process';
import { StoreUnavailableError } from '../../../base/errors.ts';
import { DatabaseError } from './database-error.ts';
import type { Answer, Command, Notification, Report, ResultSet } from './database-messages.ts';

/** Sends commands to the database process and assigns its answers. */
export interface DatabaseRpc {
  send(command: Command): void;
  /** Rejects with DatabaseError, or with StoreUnavailableError if the process ends before it answers. */
  query(session: number, text: string, values?: (string | null)[]): Promise<ResultSet[]>;
  /** True while a query waits for its result. */
  isWaiting(): boolean;
  /** Number of messages with results so far. */
  answered(): number;
  /** Rejects all pending queries: the process has ended. */
  end(reason: string): void;
}

interface Pending {
  resolve: (results: ResultSet[]) => void;
  reject: (error: Error) => void;
}

export function openDatabaseRpc(
  child: ChildProcess,
  onNotification: (notification: Notification) => void,
): DatabaseRpc {
  const pending = new Map<number, Pending>();
  let outbox: Command[] = [];
  let lastId = 0;
  let answered = 0;
  let endReason: string | undefined;

  child.on('message', (report: Report) => {
    if (report.is !== 'answers') return;
    answered += 1;
    for (const answer of report.answers) settle(pending, answer);
    for (const notification of report.notifications) onNotification(notification);
  });

  /** Batches the commands of one tick into one message. */
  const send = (command: Command) => {
    if (outbox.push(command) > 1) return;
    queueMicrotask(() => {
      // Ignore errors: the end of the process rejects all pending queries.
      child.send(outbox, () => undefined);
      outbox = [];
    });
  };
  return {
    send,
    query(session, text, values) {
      return new Promise((resolve, reject) => {
        if (endReason !== undefined) throw new StoreUnavailableError(endReason);
        const id = ++lastId;
        pending.set(id, { resolve, reject });
        send({ do: 'query', id, session, text, ...(values && { values }) });
      });
    },
    isWaiting: () => pending.size > 0,
    answered: () => answered,
    end(reason) {
      endReason = reason;
      for (const { reject } of pending.values()) reject(new StoreUnavailableError(reason));
      pending.clear();
    },
  };
}

function settle(pending: Map<number, Pending>, answer: Answer): void {
  const query = pending.get(answer.id);
  pending.delete(answer.id);
  if ('error' in answer) query?.reject(new DatabaseError(answer.error));
  else query?.resolve(answer.results);
}
