/** Encodes values for Python and decodes its answers: JSON with tags. The counterpart is `flowerpower_values.py`. */
import { encodeValue, walkFrom } from '../../values/encode-value.ts';
import { decodeValue } from '../../values/value-tags.ts';

/** Maximum size of a request in bytes; the runner applies the same limit to results. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * Encodes a request as one line of JSON.
 *
 * @throws SerializeError, with the path, if the inputs are not plain data or too large
 */
export function encodeRequest(name: string, inputs: Record<string, unknown>): string {
  const walk = walkFrom('inputs', MOST_BYTES, 'passed to Python');
  return JSON.stringify({ name, inputs: encodeValue(inputs, walk) });
}

/** Decodes a line from the runner. */
export function decodeAnswer(line: string): unknown {
  return decodeValue(JSON.parse(line));
}
