import { decodeValue, OptionsError, type Inspector } from '../../src/index.ts';
import type { Asked } from '../admin-endpoint.ts';
import { jobIdOf } from '../queue-actions.ts';

/** Retries a dead letter with a payload as JSON text, with tags for values that JSON lacks. Resolves to 1. */
export async function retryEdited(queue: Inspector, { id, payload }: Asked['body']): Promise<number> {
  await queue.retryEdited({ id: jobIdOf(id), payload: payloadOf(payload) });
  return 1;
}

/** @throws OptionsError if the payload is not JSON text */
function payloadOf(text: unknown): unknown {
  if (typeof text !== 'string') throw new OptionsError(['the payload must be JSON text']);
  try {
    return decodeValue(JSON.parse(text));
  } catch (error) {
    throw new OptionsError([`the payload must be JSON: ${(error as Error).message}`]);
  }
}
