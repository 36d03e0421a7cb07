import { reader } from '../reader.ts';
import { Machine } from './machine.ts';
import { run } from './opcodes.ts';

/**
 * Python's pickle, protocols 0 to 5, as far as it is plain data: never is anything run or looked up by its name.
 *
 * Tuples and sets become arrays, bytes Buffers, dates and times ISO 8601 text, time differences seconds, decimals text,
 * complex numbers pairs, integers that a number cannot hold bigints; keys become text. Any other class is an error.
 */
export const pickle = reader({
  otherwise: 'no pickle that can be read',
  remedy: 'send plain data, or choose the format buffer',
  read(payload) {
    const machine = new Machine(payload);
    run(machine);
    if (machine.bytes.left > 0) throw new Error(`${machine.bytes.left} bytes follow its end`);
    return machine.result();
  },
});

/**
 * Reads a pickle that is no payload, for instance the result of a Python worker.
 *
 * @throws DecodeError when it is no plain data
 */
export function readPickle(bytes: Buffer): unknown {
  return pickle(bytes).payload;
}
