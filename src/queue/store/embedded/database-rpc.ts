import type { ChildProcess } from 'node:child_process';
import { StoreUnavailableError } from '../../../errors.ts';
import { DatabaseError } from './database-error.ts';
import type { Answer, Command, Notification, Report, ResultSet } from './messages.ts';

/** What is said to the database's process, and who waits for which answer. */
export interface DatabaseRpc {
  say(command: Command): void;
  /** Rejects with DatabaseError, or with StoreUnavailableError if the process ends before it answers. */
  ask(session: number, text: string, values?: (string | null)[]): Promise<ResultSet[]>;
  /** Whether somebody waits for an answer. */
  isWaiting(): boolean;
  /** Messages with answers that came. */
  answered(): number;
  /** The process is gone: nobody needs to wait any more. */
  end(reason: string): void;
}

interface Asker {
  resolve: (results: ResultSet[]) => void;
  reject: (error: Error) => void;
}

export function openDatabaseRpc(
  child: ChildProcess,
  onNotification: (notification: Notification) => void,
): DatabaseRpc {
  const askers = new Map<number, Asker>();
  let outbox: Command[] = [];
  let lastId = 0;
  let answered = 0;
  let endReason: string | undefined;

  child.on('message', (report: Report) => {
    if (report.is !== 'answers') return;
    answered += 1;
    for (const answer of report.answers) settle(askers, answer);
    for (const notification of report.notifications) onNotification(notification);
  });

  /** Commands of one moment go in one message. */
  const say = (command: Command) => {
    if (outbox.push(command) > 1) return;
    queueMicrotask(() => {
      // If this fails, the process has ended, and that settles all who wait.
      child.send(outbox, () => undefined);
      outbox = [];
    });
  };
  return {
    say,
    ask(session, text, values) {
      return new Promise((resolve, reject) => {
        if (endReason !== undefined) throw new StoreUnavailableError(endReason);
        const id = ++lastId;
        askers.set(id, { resolve, reject });
        say({ do: 'query', id, session, text, ...(values && { values }) });
      });
    },
    isWaiting: () => askers.size > 0,
    answered: () => answered,
    end(reason) {
      endReason = reason;
      for (const asker of askers.values()) asker.reject(new StoreUnavailableError(reason));
      askers.clear();
    },
  };
}

function settle(askers: Map<number, Asker>, answer: Answer): void {
  const asker = askers.get(answer.id);
  askers.delete(answer.id);
  if ('error' in answer) asker?.reject(new DatabaseError(answer.error));
  else asker?.resolve(answer.results);
}
