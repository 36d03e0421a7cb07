import { deflateSync } from 'node:zlib';
import { pathText } from '../../values/encode-value.ts';
import { writeJson } from './write-json.ts';
import { Tuple, writePickle, type Path } from './write-pickle.ts';

/** How RQ's workers read calls and write results: the same for all jobs of a worker. */
export type Serializer = 'pickle' | 'json';

/** A call of a Python function. */
export interface Call {
  /** With its module, for instance `package.module.function`. */
  function: string;
  args: unknown[];
  /** What the arguments are called in errors. */
  names: readonly string[];
}

interface Written {
  /** RQ's field `data`: zlib of function, object, arguments and named arguments. */
  data: Buffer;
  /** Bytes before they were compressed. */
  size: number;
}

/**
 * Writes a call as RQ does (`Job.data` in its job.py).
 *
 * @throws SerializeError when an argument cannot be written; it names the path
 */
export function writeCall(call: Call, serializer: Serializer, limit: number): Written {
  const { function: name, args, names } = call;
  const placeOf = ([, index, ...path]: Path) => pathText(names[Number(index)] ?? 'job', path);
  const plain =
    serializer === 'json'
      ? writeJson([name, null, args, {}], { limit, placeOf })
      : writePickle(new Tuple(name, null, new Tuple(...args), {}), { limit, placeOf });
  return { data: deflateSync(plain, { level: 1 }), size: plain.length };
}
