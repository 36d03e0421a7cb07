import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { runInNewContext } from 'node:vm';
import { SerializeError } from '../../../../src/base/errors.ts';
import { decodeJob, encodeJob, type JobMessage } from '../../../../src/queue/job/job-data.ts';
import { randomValue, seededRandom } from '../../../helpers/random-value.ts';

/** Stores a job like a store: as JSON text without characters that PostgreSQL's jsonb rejects. */
function stored(message: JobMessage): unknown {
  const json = JSON.stringify(encodeJob(message).data);
  assert.doesNotMatch(json, /\\u0000|\\ud[89a-f]/);
  return JSON.parse(json);
}

function roundTrip(payload: unknown): unknown {
  return decodeJob(stored({ payload }))['payload'];
}

function refusal(message: JobMessage, limit?: number): SerializeError {
  try {
    encodeJob(message, limit);
  } catch (error) {
    assert.ok(error instanceof SerializeError, String(error));
    return error;
  }
  throw new Error('was stored');
}

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}

describe('job data', () => {
  const message = {
    payload: { celsius: 21.5 },
    topic: 'sensors/1',
    qos: 1,
    retain: false,
    executionTimestamp: '2026-01-02T03:04:05.678Z',
    executionMode: 'async',
    _msgid: 'abc',
  };

  it("puts a FlowerPower pipeline's inputs at the top level and the rest under msg", () => {
    assert.deepEqual(encodeJob(message).data, {
      mqtt_message: { celsius: 21.5 },
      mqtt_topic: 'sensors/1',
      mqtt_qos: 1,
      execution_timestamp: '2026-01-02T03:04:05.678Z',
      execution_mode: 'async',
      msg: { retain: false, _msgid: 'abc' },
    });
  });

  it('decodes the message', () => {
    assert.deepEqual(decodeJob(stored(message)), message);
  });

  it('adds an empty topic, QoS 0 and a time to a message that is not from a broker', () => {
    const { executionTimestamp, ...others } = decodeJob(stored({ payload: undefined }));
    assert.deepEqual(others, { payload: null, topic: '', qos: 0, executionMode: 'async' });
    assert.ok(Date.parse(String(executionTimestamp)) > Date.now() - 60_000);
  });

  it('keeps Buffers, and converts other Uint8Arrays to Buffers', () => {
    const bytes = Buffer.from([0, 1, 254, 255]);
    const value = { list: [bytes], view: new Uint8Array(bytes) };
    assert.deepEqual(roundTrip(value), { list: [bytes], view: bytes });
    assert.deepEqual(roundTrip(Buffer.from('a slice').subarray(2)), Buffer.from('slice'));
  });

  it('keeps values that JSON lacks', () => {
    const value = [new Date(0), new Map([[{ a: 1 }, new Set([1n])]]), Number.NaN, -0, -Infinity, undefined];
    assert.deepEqual(roundTrip(value), value);
  });

  it('keeps an invalid date', () => {
    assert.ok(Number.isNaN((roundTrip(new Date(Number.NaN)) as Date).getTime()));
  });

  it('omits undefined properties', () => {
    assert.deepEqual(Object.keys(roundTrip({ a: undefined, b: 1 }) as object), ['b']);
  });

  it('keeps NUL characters and lone surrogates, which PostgreSQL rejects, in strings and keys', () => {
    const value = { text: 'a\0b', 'k\0': 'x\ud800y', pair: '😀' };
    assert.deepEqual(roundTrip(value), value);
    assert.deepEqual(decodeJob(stored({ payload: 1, 'p\0': 2 }))['p\0'], 2);
  });

  it('keeps objects that look like its own tags', () => {
    const value = [{ $buffer: 'AAAA' }, { $object: [['a', 1]] }, { $date: { $date: null } }, { $unknown: 1 }];
    assert.deepEqual(roundTrip(value), value);
    assert.deepEqual(decodeJob(stored({ payload: 1, $buffer: 'AAAA' }))['$buffer'], 'AAAA');
  });

  it("keeps another program's data unchanged", () => {
    assert.deepEqual(decodeJob({ celsius: 3 }), { payload: { celsius: 3 } });
    assert.deepEqual(decodeJob('text'), { payload: 'text' });
    const odd = { a: { $buffer: 5 }, b: { $map: [1] }, c: { $number: '7' } };
    assert.deepEqual(decodeJob(odd), { payload: odd });
    assert.doesNotThrow(() => decodeJob({ deep: nested(100_000) }));
  });

  it('accepts objects of a function node, which has its own realm', () => {
    const value: unknown = runInNewContext('({ list: [1, { a: new Date(0) }], map: new Map([[1, 2]]) })');
    assert.deepEqual(roundTrip(value), { list: [1, { a: new Date(0) }], map: new Map([[1, 2]]) });
  });

  const unreadable = {
    get a(): never {
      throw new Error('no');
    },
  };
  for (const [what, value, path, reason] of [
    ['a function', { a: [1, 2, 3, () => 1] }, 'msg.payload.a[3]', /a function/],
    ['a symbol', { 'a b': Symbol('x') }, 'msg.payload["a b"]', /a symbol/],
    ['a socket', new Socket(), 'msg.payload', /an instance of Socket/],
    ['a class instance', { at: new URL('http://x') }, 'msg.payload.at', /an instance of URL/],
    ['numbers in a typed array', new Float64Array(1), 'msg.payload', /an instance of Float64Array/],
    ['what cannot be read', unreadable, 'msg.payload', /reading it failed: no/],
  ] as const) {
    it(`refuses ${what} and names its path`, () => {
      const error = refusal({ payload: value });
      assert.equal(error.path, path);
      assert.match(error.message, reason);
    });
  }

  it('converts an error, such as msg._error of a Catch node, to a plain object', () => {
    const error = Object.assign(new Error('no', { cause: new TypeError('why') }), { code: 'E1' });
    const { error: back } = roundTrip({ error }) as { error: Record<string, unknown> };
    const { stack } = error;
    const cause = back['cause'] as Record<string, unknown>;
    assert.deepEqual(back, { name: 'Error', message: 'no', code: 'E1', stack, cause });
    assert.equal(cause['name'], 'TypeError');
    assert.equal(cause['message'], 'why');
  });

  it('refuses the request of an http in node, and names it', () => {
    assert.equal(refusal({ payload: 1, req: new Socket() }).path, 'msg.req');
  });

  it('refuses a cycle where it closes, including one through the message', () => {
    const loop: Record<string, unknown> = {};
    loop['again'] = [loop];
    assert.equal(refusal({ payload: loop }).path, 'msg.payload.again[0]');
    const own: JobMessage = { payload: {} };
    own['self'] = own;
    assert.equal(refusal(own).path, 'msg.self');
  });

  it('accepts the same object twice, which is not a cycle', () => {
    const part = { a: 1 };
    assert.deepEqual(roundTrip([part, part]), [part, part]);
  });

  it('refuses more than 100 levels', () => {
    assert.deepEqual(roundTrip(nested(99)), nested(99));
    assert.match(refusal({ payload: nested(200) }).message, /levels deep/);
  });

  it('refuses data over the size limit, with the path, the limit and a remedy', () => {
    assert.equal(refusal({ payload: { small: 1, big: Buffer.alloc(2_000_000) } }).path, 'msg.payload.big');
    const tooLong = refusal({ payload: 'x'.repeat(2000) }, 1000);
    assert.equal(tooLong.path, 'msg.payload');
    assert.match(tooLong.message, /cannot be stored in a job: .* more than 1000 bytes: send less/);
    assert.match(refusal({ payload: Array(2 ** 31) }).path, /^msg\.payload\[\d+\]$/);
    assert.doesNotThrow(() => encodeJob({ payload: Buffer.alloc(700_000) }));
  });

  it('decodes every random value (seeded)', () => {
    for (let seed = 1; seed <= 3000; seed++) {
      const value = randomValue(seededRandom(seed), 4);
      assert.deepEqual(roundTrip({ value }), value === undefined ? {} : { value }, `seed ${seed}`);
    }
  });
});
