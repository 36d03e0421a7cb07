import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { GiveUpError, SerializeError } from '../../../../src/base/errors.ts';
import type { Project } from '../../../../src/index.ts';
import { inputsOf, openTestProject, projectWith, pythonSource, resultOf } from '../../../helpers/project.ts';
import { describeWith } from '../../../helpers/requires.ts';

const LARGE = 2n ** 80n;

describeWith(['flowerpower'], 'values sent to Python and back', function () {
  let project: Project;

  before(() => {
    const files = {
      'same.py': pythonSource('return mqtt_message'),
      'words.py': pythonSource('return repr(mqtt_message)'),
      'made.py': pythonSource(
        'import datetime, pandas as pd, polars as pl, numpy as np',
        'return eval(mqtt_message, {"pd": pd, "pl": pl, "np": np, "datetime": datetime})',
      ),
    };
    project = openTestProject(projectWith(files));
  });
  after(() => project.close());

  const arrivals: [string, unknown, string][] = [
    ['an integer', 2 ** 53, '9007199254740992'],
    ['a bigint', LARGE, `${LARGE}`],
    ['a bigint in an object', { n: -LARGE }, `{'n': -${LARGE}}`],
    ['NaN', Number.NaN, 'nan'],
    ['Infinity', [Infinity, -Infinity], '[inf, -inf]'],
    ['a Map', new Map<unknown, unknown>([[1, { a: 2 }]]), "{1: {'a': 2}}"],
    ['a Set', new Set([7]), '{7}'],
    ['a Buffer', Buffer.from('hi'), "b'hi'"],
    ['a typed array of bytes', Uint8Array.of(1, 2), "b'\\x01\\x02'"],
    ['a Date', new Date(0), 'datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)'],
    ['undefined in an array', [undefined], '[None]'],
    ['text with NUL', 'a\0b', "'a\\x00b'"],
  ];
  for (const [what, value, words] of arrivals) {
    it(`${what} arrives as ${words.slice(0, 30)}`, async () => {
      assert.equal(await resultOf(project, 'words', value), words);
    });
  }

  // Each looks like the encoding of a value that JSON lacks.
  const lookalikes: unknown[] = [
    { ts: { $date: { $numberLong: '5' } } },
    { $date: 'tomorrow' },
    { $buffer: '%' },
    { $buffer: 'aGk=' },
    { $object: { $buffer: 'aGk=' } },
    { $object: [['a', 1]] },
    { $number: 'NaN' },
    { $set: [1] },
    { $undefined: true },
    { $anything: { $bigint: '5' } },
  ];
  for (const message of lookalikes) {
    it(`${JSON.stringify(message)} in a message is unchanged in both directions`, async () => {
      assert.deepEqual(await resultOf(project, 'same', message), message);
      assert.deepEqual(await resultOf(project, 'same', [message]), [message]);
    });
  }

  const refused: [string, unknown, RegExp][] = [
    [
      'a function',
      { deep: [() => 1] },
      /inputs\.mqtt_message\.deep\[0\] cannot be passed to Python: .*function/,
    ],
    ['a typed array', { a: Float32Array.of(1) }, /inputs\.mqtt_message\.a .*Float32Array/],
    ['an instance of a class', new Socket(), /inputs\.mqtt_message .*Socket/],
    ['a symbol', Symbol('a'), /inputs\.mqtt_message .*symbol/],
  ];
  for (const [what, value, words] of refused) {
    it(`${what} is refused with its path`, () =>
      assert.rejects(resultOf(project, 'same', value), (error) => {
        assert.ok(error instanceof SerializeError);
        assert.match(error.message, words);
        return true;
      }));
  }

  it('a Buffer referenced a thousand times is refused before it takes memory a thousand times', async () => {
    const shared = Buffer.alloc(500_000);
    const before = process.memoryUsage().rss;
    await assert.rejects(resultOf(project, 'same', Array(1000).fill(shared)), GiveUpError);
    assert.ok(process.memoryUsage().rss - before < 200_000_000);
  });

  const results: [string, string, unknown][] = [
    ['a DataFrame', 'pd.DataFrame({"a": [1, 2]})', [{ a: 1 }, { a: 2 }]],
    [
      'a DataFrame with an index of times',
      'pd.DataFrame({"a": [1]}, index=pd.DatetimeIndex(["2026-01-02"], name="t"))',
      [{ t: '2026-01-02T00:00:00', a: 1 }],
    ],
    ['a Series', 'pd.Series([1, 2])', [1, 2]],
    ['a Series with names', 'pd.Series([1], index=["x"], name="a")', [{ index: 'x', a: 1 }]],
    [
      'an array of times in nanoseconds',
      'np.array(["2026-01-02", "NaT"], dtype="datetime64[ns]")',
      ['2026-01-02T00:00:00', null],
    ],
    ['an array of days', 'np.array(["2026-01-02"], dtype="datetime64[D]")', ['2026-01-02']],
    [
      'a DataFrame of Polars',
      'pl.DataFrame({"a": [1], "t": [datetime.datetime(2026, 1, 2)]})',
      [{ a: 1, t: '2026-01-02T00:00:00' }],
    ],
    ['a Series of Polars with one value', 'pl.Series([5])', [5]],
  ];
  for (const [what, source, expected] of results) {
    it(`${what} loses nothing`, async () => {
      assert.deepEqual(await resultOf(project, 'made', source), expected);
    });
  }

  for (const library of ['pd', 'pl']) {
    it(`a DataFrame of ${library} is truncated to 100,000 rows, and the log says so`, async () => {
      const lines: string[] = [];
      const { result } = (await project.run('made', {
        inputs: inputsOf(`${library}.DataFrame({"a": range(150_000)})`),
        signal: new AbortController().signal,
        onLog: (line) => lines.push(line),
      })) as { result: unknown[] };
      assert.equal(result.length, 100_000);
      assert.match(lines.join(), /result\.result has 150000 rows: truncated to the first 100000/);
    });
  }
});
