/** Actions of the Jobs sidebar: refused for a read-only queue, and logged with the user's name. */
import type { NodeAPI } from 'node-red';
import { OptionsError, settledWithin, type Inspector } from '../../src/index.ts';
import type { Asked } from '../admin-endpoint.ts';
import { bulkActions, jobIdOf, queueActionOf, queueActions, type QueueAction } from '../queue-actions.ts';
import type { ActionView } from './answers.ts';
import type { BulkRuns } from './bulk-runs.ts';
import { retryEdited } from './retry-edited.ts';
import { queueNode, type QueueNode } from './queues.ts';

/** Milliseconds that an answer waits for a bulk action: browsers and proxies give up after some time. */
const PATIENCE = 2000;
const LONGEST_LOGGED = 200;

export interface Acting {
  RED: NodeAPI;
  bulk: BulkRuns;
  /** Called after each action. */
  onChange: (queue: string) => void;
}

export async function act({ RED, bulk, onChange }: Acting, asked: Asked): Promise<ActionView> {
  const node = queueNode(RED, asked.params['queue']);
  const action = nameOf(asked.params['action']);
  const log = (outcome: string) => node.log(`${logLine(asked, action)}${outcome}`);
  const working = perform({ node, bulk, action }, asked.body).then(
    (changed) => {
      log(changed === undefined ? '' : `: ${changed} changed`);
      return changed === undefined ? {} : { changed };
    },
    (error: Error) => {
      log(`: ${error.message}`);
      throw error;
    },
  );
  const isDone = await settledWithin(PATIENCE, working);
  onChange(node.id);
  return isDone ? working : { isUnderWay: true };
}

/** Actions that only the sidebar has. */
const ownActions = ['retry_edited', 'cancel', 'stop_bulk'] as const;

type Action = QueueAction | (typeof ownActions)[number];

function nameOf(name: unknown): Action {
  return ownActions.find((own) => own === name) ?? queueActionOf(name);
}

interface Work {
  node: QueueNode;
  bulk: BulkRuns;
  action: Action;
}

async function perform({ node, bulk, action }: Work, selection: Asked['body']): Promise<number | void> {
  const { look, properties } = node.shared;
  if (properties.sidebar_read_only)
    throw new OptionsError(['the Jobs tab only shows this queue: its config says so']);
  if (action === 'stop_bulk') return bulk.stop(node.id);
  if (action === 'retry_edited') return look((queue) => retryEdited(queue, selection));
  if (action === 'cancel') return look((queue) => cancel(queue, selection));
  if (!bulkActions.has(action))
    return look((queue, signal) => queueActions[action](queue, { ...selection, signal }));
  return bulk.run(node.id, (options) =>
    look((queue, closing) => {
      const signal = AbortSignal.any([options.signal, closing]);
      return queueActions[action](queue, { ...selection, ...options, signal });
    }),
  );
}

async function cancel(queue: Inspector, { id }: Asked['body']): Promise<number> {
  await queue.cancel(jobIdOf(id));
  return 1;
}

/** Quotes the parts, because they may contain line breaks. */
function logLine({ user, body }: Asked, action: string): string {
  const { id, state, group } = body;
  const selected = [id, state, group].filter((part) => typeof part === 'string');
  const quoted = [user ?? 'user without login', action, ...selected].map((part) =>
    JSON.stringify(part.slice(0, LONGEST_LOGGED)),
  );
  return quoted.join(' ');
}
