/** How values go to a Python process and come back: JSON with tags, of which `flowerpower_values.py` is the other end. */
import { encodeValue, walkFrom } from '../../encode-value.ts';
import { decodeValue } from '../../value-tags.ts';

/** Bytes of one request; the runner has the same bound for results. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * One line of JSON for the runner.
 *
 * @throws SerializeError when the inputs are no plain data, or too large; it names the path
 */
export function encodeRequest(name: string, inputs: Record<string, unknown>): string {
  const walk = walkFrom('inputs', MOST_BYTES, 'passed to Python');
  return JSON.stringify({ name, inputs: encodeValue(inputs, walk) });
}

/** Reads a line of the runner. */
export function decodeAnswer(line: string): unknown {
  return decodeValue(JSON.parse(line));
}
