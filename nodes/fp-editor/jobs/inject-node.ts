import { red } from '../red.ts';
import { label } from './label.ts';

type Message = Record<string, unknown>;

/**
 * Hangs an inject node with payload and topic of a job's message on the mouse; a click places it. Other properties stay
 * out: the nodes behind `fp-enqueue` set them again.
 *
 * @param msg with tags for values that JSON lacks
 */
export function makeInjectNode({ payload, topic }: Message, pipeline: string): void {
  const text = typeof topic === 'string' ? topic : '';
  const node = {
    id: 'fp-jobs-inject',
    type: 'inject',
    name: label('inject.name', { pipeline }),
    props: [{ p: 'payload' }, { p: 'topic', vt: 'str' }],
    ...payloadFields(payload),
    topic: text,
    repeat: '',
    crontab: '',
    once: false,
    onceDelay: 0.1,
    wires: [[]],
  };
  red.view.importNodes([node], { generateIds: true, addFlow: false });
}

/** Returns the payload as the inject node's typed input has it. */
function payloadFields(payload: unknown): { payload: string; payloadType: string } {
  if (typeof payload === 'string') return { payload, payloadType: 'str' };
  if (typeof payload === 'number') return { payload: `${payload}`, payloadType: 'num' };
  if (typeof payload === 'boolean') return { payload: `${payload}`, payloadType: 'bool' };
  const bytes = bytesOf(payload);
  if (bytes) return { payload: JSON.stringify(bytes), payloadType: 'bin' };
  return { payload: JSON.stringify(payload), payloadType: 'json' };
}

/** Returns the bytes of an encoded Buffer. */
function bytesOf(value: unknown): number[] | undefined {
  const { $buffer: text, ...others } = Object(value) as { $buffer?: unknown };
  if (typeof text !== 'string' || Object.keys(others).length > 0) return undefined;
  return Array.from(atob(text), (character) => character.charCodeAt(0));
}
