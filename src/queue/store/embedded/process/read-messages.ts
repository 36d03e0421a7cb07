import type { messages } from '@electric-sql/pglite';
import type { ErrorFields, Notification, ResultSet } from '../database-messages.ts';

/** PostgreSQL's answer to a query. */
export interface Outcome {
  results: ResultSet[];
  error?: ErrorFields;
  notifications: Notification[];
  /** A transaction is open after the query. */
  isInTransaction: boolean;
}

/** Reads the protocol messages that answer a query (PostgreSQL documentation, "Message Flow"). */
export function readMessages(answer: messages.BackendMessage[]): Outcome {
  const outcome: Outcome = { results: [], notifications: [], isInTransaction: false };
  let set = emptySet();
  const finish = (command: string, rowCount: number | null) => {
    outcome.results.push({ ...set, command, rowCount });
    set = emptySet();
  };
  for (const message of answer) {
    if (isA<messages.RowDescriptionMessage>(message, 'rowDescription')) {
      set.columns = message.fields.map(({ name, dataTypeID }) => ({ name, type: dataTypeID }));
    } else if (isA<messages.DataRowMessage>(message, 'dataRow')) {
      set.rows.push(message.fields);
    } else if (isA<messages.CommandCompleteMessage>(message, 'commandComplete')) {
      finish(...readTag(message.text));
    } else if (isA<messages.NotificationResponseMessage>(message, 'notification')) {
      outcome.notifications.push({ channel: message.channel, payload: message.payload });
    } else if (isA<messages.DatabaseError>(message, 'error')) {
      outcome.error ??= errorFields(message);
    } else if (isA<messages.ReadyForQueryMessage>(message, 'readyForQuery')) {
      outcome.isInTransaction = message.status !== 'I';
    } else if (message.name === 'emptyQuery') {
      finish('', null);
    }
  }
  return outcome;
}

function isA<M extends messages.BackendMessage>(
  message: messages.BackendMessage,
  name: messages.BackendMessage['name'],
): message is M {
  return message.name === name;
}

function emptySet(): Pick<ResultSet, 'columns' | 'rows'> {
  return { columns: [], rows: [] };
}

/** Reads a command tag, for instance `SELECT 2`, `INSERT 0 5` or `LISTEN`; the row count is optional. */
function readTag(tag: string): [command: string, rowCount: number | null] {
  const [command = '', ...rest] = tag.split(' ');
  const count = Number(rest.at(-1) ?? Number.NaN);
  return [command, Number.isNaN(count) ? null : count];
}

function errorFields(error: messages.DatabaseError): ErrorFields {
  const { name: _name, stack: _stack, ...fields } = error;
  return { ...(fields as object), message: error.message };
}
