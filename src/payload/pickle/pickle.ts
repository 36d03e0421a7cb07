import { defineFormat } from '../define-format.ts';
import { PickleMachine } from './pickle-machine.ts';
import { run } from './opcodes.ts';

/**
 * Reads plain data from Python's pickle, protocols 0 to 5. Runs no code and imports no module.
 *
 * Tuples and sets become arrays, bytes become Buffers, dates and times ISO 8601 text, time differences seconds,
 * decimals text, complex numbers pairs, integers too large for a number bigints, and keys text. Other classes are
 * errors.
 */
export const pickle = defineFormat({
  description: 'not a supported pickle',
  remedy: 'send plain data, or choose the format buffer',
  read(payload) {
    const machine = new PickleMachine(payload);
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
