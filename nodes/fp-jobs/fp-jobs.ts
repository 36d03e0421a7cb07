/** The server's part of the Jobs sidebar: shows and changes the jobs of the deployed queues. */
import type { NodeAPI, NodeDef } from 'node-red';
import { OptionsError, type ListOptions } from '../../src/index.ts';
import { addAdminEndpoint, type Asked } from '../admin-endpoint.ts';
import type { ConfigNode } from '../config-node.ts';
import type { QueueConfig } from '../fp-queue-config/fp-queue-config.ts';
import { jobIdOf, queueActionOf, queueActions } from '../queue-actions.ts';

type QueueNode = ConfigNode<QueueConfig> & { shared: QueueConfig };

/** Jobs of each state that a sample counts: an embedded store does nothing else meanwhile. */
const MOST_COUNTED = 10_000;
const LONGEST_CURSOR = 4000;
const LONGEST_LOGGED = 200;
/** Characters of each text, and elements of each list, of a message or result. */
const MOST_SHOWN = 10_000;

export default function register(RED: NodeAPI): void {
  const read = (path: string, answer: (queue: QueueConfig, query: Asked['query']) => Promise<object>) =>
    addAdminEndpoint(RED, {
      method: 'get',
      path: `/fp/jobs/:queue/${path}`,
      permission: 'fp-jobs.read',
      answer: async ({ params, query }) => answer(queueNode(RED, params['queue']).shared, query),
    });
  addAdminEndpoint(RED, {
    method: 'get',
    path: '/fp/jobs',
    permission: 'fp-jobs.read',
    answer: async () => ({ queues: queueNodes(RED).map(entryOf) }),
  });
  read('state', readState);
  read('list', ({ look }, query) => look((queue) => queue.list(listOptions(query))));
  read('job', (queue, query) => readJob(RED, queue, jobIdOf(query['id'])));
  addAdminEndpoint(RED, {
    method: 'post',
    path: '/fp/jobs/:queue/:action',
    permission: 'fp-jobs.write',
    answer: (asked) => act(RED, asked),
  });
}

function queueNodes(RED: NodeAPI): QueueNode[] {
  const ids: string[] = [];
  RED.nodes.eachNode(({ id, type }: NodeDef) => {
    if (type === 'fp-queue-config') ids.push(id);
  });
  return ids
    .map((id) => RED.nodes.getNode(id) as ConfigNode<QueueConfig> | null)
    .filter((node): node is QueueNode => node?.shared?.enabled === true);
}

function queueNode(RED: NodeAPI, id: unknown): QueueNode {
  const node = queueNodes(RED).find((found) => found.id === id);
  if (node) return node;
  throw new OptionsError(['the queue is not deployed, not configured correctly, or switched off']);
}

function entryOf({ id, name, shared }: QueueNode) {
  const { store, queue_name } = shared.properties;
  return { id, label: name || `${queue_name} (${store})`, store };
}

function readState({ look }: QueueConfig): Promise<object> {
  return look(async (queue) => {
    const [state, workers] = await Promise.all([queue.state({ mostCounted: MOST_COUNTED }), queue.workers()]);
    return { state, workers, countedTo: MOST_COUNTED };
  });
}

/** The inspector checks the state, and that the cursor belongs to it. */
function listOptions({ state, cursor }: Asked['query']): ListOptions {
  const list = { state: state as ListOptions['state'] };
  if (cursor === undefined) return list;
  if (typeof cursor === 'string' && cursor.length <= LONGEST_CURSOR) return { ...list, cursor };
  throw new OptionsError([`cursor must be text of at most ${LONGEST_CURSOR} characters`]);
}

/** Encodes message and result like the debug sidebar's, because JSON has no Buffers, dates or large integers. */
async function readJob(RED: NodeAPI, { look }: QueueConfig, id: string): Promise<object> {
  const encoded = (msg: unknown) => RED.util.encodeObject({ msg }, { maxLength: MOST_SHOWN });
  const { msg, result, progress: _progress, ...job } = await look((queue) => queue.show(id));
  return { ...job, msg: encoded(msg), ...(result !== undefined && { result: encoded(result) }) };
}

async function act(RED: NodeAPI, { params, body, user }: Asked): Promise<object> {
  const node = queueNode(RED, params['queue']);
  const action = queueActionOf(params['action']);
  const { id, state } = body;
  const selected = [id, state].filter((part) => typeof part === 'string');
  const log = (outcome: string) => node.log(logLine(user, [action, ...selected]) + outcome);
  try {
    const changed = await node.shared.look((queue, signal) =>
      queueActions[action](queue, { id, state, signal }),
    );
    log(changed === undefined ? '' : `: ${changed} changed`);
    return changed === undefined ? {} : { changed };
  } catch (error) {
    log(`: ${(error as Error).message}`);
    throw error;
  }
}

/** Quotes the parts, because they may contain line breaks. */
function logLine(user: string | undefined, parts: string[]): string {
  const quoted = [user ?? 'user without login', ...parts].map((part) =>
    JSON.stringify(part.slice(0, LONGEST_LOGGED)),
  );
  return quoted.join(' ');
}
