/** Answers about the jobs of a queue. */
import type { NodeAPI } from 'node-red';
import { encodeValue, OptionsError, walkFrom, type Inspector, type ListOptions } from '../../src/index.ts';
import type { Asked } from '../admin-endpoint.ts';
import { readCharts } from './history.ts';
import { jobIdOf } from '../queue-actions.ts';

type Query = Asked['query'];
type Read = (queue: Inspector, query: Query) => Promise<object>;

const LONGEST_CURSOR = 4000;
/** Characters of each text, and elements of each list, of a message or result. */
const MOST_SHOWN = 10_000;
/** More than a job can hold. */
const LARGEST = 16 * 1024 * 1024;

export const readings = (RED: NodeAPI): Record<string, Read> => ({
  list: (queue, query) => queue.list(listOptions(query)),
  groups: (queue) => queue.groups(),
  history: (queue, { range }) => readCharts(queue, range),
  job: (queue, { id }) => readJob(RED, queue, jobIdOf(id)),
  message: async (queue, { id }) => {
    const { msg } = await queue.show(jobIdOf(id));
    return { msg: encodeValue(msg, walkFrom('msg', LARGEST)) as object };
  },
});

/** The inspector checks the state, the order and the filter, and that the cursor belongs to them. */
function listOptions({ state, order, cursor, group, search }: Query): ListOptions {
  const list = { state, order, group, search } as ListOptions;
  if (cursor === undefined) return list;
  if (typeof cursor === 'string' && cursor.length <= LONGEST_CURSOR) return { ...list, cursor };
  throw new OptionsError([`cursor must be text of at most ${LONGEST_CURSOR} characters`]);
}

/** Encodes message and result like the debug sidebar's, because JSON has no Buffers, dates or large integers. */
async function readJob(RED: NodeAPI, queue: Inspector, id: string): Promise<object> {
  const { msg, result, progress, ...job } = await queue.show(id);
  const encoded = (value: unknown) => RED.util.encodeObject({ msg: value }, { maxLength: MOST_SHOWN });
  return {
    ...job,
    msg: encoded(msg),
    // A flow that sets no result completes its job with null.
    ...(result !== undefined && result !== null && { result: encoded(result) }),
    // BullMQ stores 0 for a job without progress.
    ...(progress !== 0 && progress !== undefined && { progress: encoded(progress) }),
  };
}
