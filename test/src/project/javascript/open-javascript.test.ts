import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GiveUpError, InterruptedError, TimedOutError } from '../../../../src/base/errors.ts';
import { isRunning } from '../../../helpers/is-running.ts';
import { failsWith, inputsOf, openedProjects, runPipeline, writeSource } from '../../../helpers/project.ts';
import { temporaryDirectory } from '../../../helpers/servers.ts';
import { standStill } from '../../../helpers/stand-still.ts';
import { until } from '../../../helpers/until.ts';

describe('JavaScript pipelines', function () {
  const open = openedProjects();
  const never = new AbortController().signal;

  it('run the default export of .js, .mjs and .cjs with the inputs of a FlowerPower pipeline', async () => {
    const { project } = open({
      'one.mjs':
        'export default ({ mqtt_message, mqtt_topic }) => ({ twice: mqtt_message.n * 2, mqtt_topic });',
      'two.cjs': 'module.exports = async ({ mqtt_message }) => mqtt_message.n + 1;',
      'three.js': 'exports.default = (inputs) => Object.keys(inputs);',
    });
    assert.deepEqual(await runPipeline(project, 'one', { n: 2 }), { twice: 4, mqtt_topic: 'sensors/1' });
    assert.equal(await runPipeline(project, 'two', { n: 2 }), 3);
    assert.deepEqual(await runPipeline(project, 'three'), Object.keys(inputsOf({})));
  });

  it('receive and return Buffers and Dates', async () => {
    const { project } = open({
      'same.mjs': `export default ({ mqtt_message: m }) =>
        [Buffer.isBuffer(m.bytes), m.date instanceof Date, m.bytes, m.date, new Map([[1, 2]])];`,
    });
    const [date, bytes] = [new Date(0), Buffer.from('abc')];
    const result = await runPipeline(project, 'same', { date, bytes });
    assert.deepEqual(result, [true, true, bytes, date, new Map([[1, 2]])]);
  });

  it('log and report progress', async () => {
    const { project } = open({
      'talk.mjs': `export default (_, { log, progress, name }) => {
        log('one', { two: 2 });
        console.warn('three');
        progress(50);
        progress({ of: name });
      }`,
    });
    const [lines, steps]: [string[], unknown[]] = [[], []];
    await project.run('talk', {
      inputs: {},
      signal: new AbortController().signal,
      onLog: (line) => lines.push(line),
      onProgress: (step) => steps.push(step),
    });
    assert.deepEqual(lines, ['one { two: 2 }', 'three']);
    assert.deepEqual(steps, [50, { of: 'talk' }]);
  });

  it('a flood of progress and log lines is throttled; the last progress arrives', async () => {
    const { project } = open({
      'flood.mjs': `export default (_, { log, progress }) => {
        for (let n = 0; n <= 100_000; n++) { log(n); progress(n / 1000); }
      }`,
    });
    const [lines, steps]: [string[], unknown[]] = [[], []];
    const began = Date.now();
    await project.run('flood', {
      inputs: {},
      signal: never,
      onLog: (line) => lines.push(line),
      onProgress: (step) => steps.push(step),
    });
    assert.equal(lines.length, 1001);
    assert.match(lines.at(-1) ?? '', /truncated: too many lines/);
    assert.ok(steps.length <= (Date.now() - began) / 100 + 2, `${steps.length} steps`);
    assert.deepEqual([steps[0], steps.at(-1)], [0, 100]);
  });

  it('never start more processes than allowed', async () => {
    const files = { 'id.mjs': 'export default () => process.pid;' };
    for (const javascript_processes of [1, 2]) {
      const { project } = open(files, { javascript_processes });
      const ids = await Promise.all(Array.from({ length: 8 }, () => runPipeline(project, 'id')));
      assert.ok(new Set(ids).size <= javascript_processes, ids.join());
    }
  });

  it('never run more at the same time than the number of processes, also while a file changes', async () => {
    const directory = JSON.stringify(temporaryDirectory('running'));
    const source = `import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs';
      export default async (_, { log }) => {
        const mark = mkdtempSync(${directory} + '/');
        const running = readdirSync(${directory}).length;
        log('begun');
        await new Promise((end) => setTimeout(end, 500));
        rmdirSync(mark);
        return running;
      };`;
    const { project, base_dir } = open({ 'a.mjs': source }, { javascript_processes: 1 });
    const lines: string[] = [];
    const first = project.run('a', { inputs: {}, signal: never, onLog: (line) => lines.push(line) });
    await until('the first runs', () => lines.length > 0);
    writeSource(base_dir, 'a.mjs', `${source}\n`);
    assert.deepEqual(await Promise.all([first, runPipeline(project, 'a')]), [1, 1]);
  });

  it('the timeout of a run starts when it has its process', async () => {
    const files = { 'waits.mjs': 'export default () => new Promise((end) => setTimeout(end, 500, 1));' };
    const { project } = open(files, { javascript_processes: 1, timeout: 5000 });
    // Together they take longer than the timeout, each far less.
    const results = await Promise.all(Array.from({ length: 11 }, () => runPipeline(project, 'waits')));
    assert.deepEqual(results, Array(11).fill(1));
  });

  it("do not see the key of Node-RED's credentials", async () => {
    const { project } = open({ 'env.mjs': 'export default () => Object.keys(process.env);' });
    process.env['NODE_RED_CREDENTIAL_SECRET'] = 'secret';
    try {
      const names = (await runPipeline(project, 'env')) as string[];
      assert.ok(names.includes('PATH') && !names.includes('NODE_RED_CREDENTIAL_SECRET'));
    } finally {
      delete process.env['NODE_RED_CREDENTIAL_SECRET'];
    }
  });

  it('fail with the error that they throw, including its stack', async () => {
    const { project } = open({ 'bad.mjs': "export default () => { throw new RangeError('too warm'); };" });
    await failsWith(runPipeline(project, 'bad'), 'RangeError', /RangeError: too warm/);
    const error = await runPipeline(project, 'bad').catch((reason: Error) => reason);
    assert.match((error as Error).stack ?? '', /bad\.mjs/);
  });

  const bad: [string, string, string, RegExp][] = [
    ['that is no module', 'export default (', 'SyntaxError', /Unexpected|token/],
    ['without a function', 'export const a = 1;', 'TypeError', /the default export of .* must be a function/],
    ['that ends its process', 'export default () => process.exit(3);', 'ProcessEnded', /code 3/],
    [
      'that kills its process',
      "export default () => process.kill(process.pid, 'SIGKILL');",
      'ProcessEnded',
      /SIGKILL/,
    ],
    [
      'that throws in a timer',
      "export default () => new Promise(() => setTimeout(() => { throw new Error('late'); }, 5));",
      'ProcessEnded',
      /late/,
    ],
    ['with a result that is not data', 'export default () => () => 1;', 'TypeError', /not plain data/],
    [
      'with a result of 20 MB',
      "export default () => 'x'.repeat(20_000_000);",
      'ResultTooLarge',
      /the limit is/,
    ],
    [
      'that takes more memory than it may',
      'export default () => { const all = []; for (;;) all.push(new Array(1000).fill({ a: Math.random() })); };',
      'MemoryError',
      /the limit is 64 MB/,
    ],
    [
      'with an array that grows too large',
      'export default () => { const all = []; for (;;) all.push(all.length); };',
      'MemoryError',
      /the limit is 64 MB/,
    ],
    [
      'with too many Buffers',
      `export default async () => {
        const all = [];
        for (;;) all.push(Buffer.alloc(1e6, 1)), await new Promise(setImmediate);
      }`,
      'MemoryError',
      /the limit is 64 MB/,
    ],
  ];
  for (const [what, source, kind, message] of bad) {
    it(`one ${what} only fails its own run`, async () => {
      const files = { 'bad.mjs': source, 'good.mjs': 'export default () => 1;' };
      const { project } = open(files, { memory: 64, javascript_processes: 1 });
      await failsWith(runPipeline(project, 'bad'), kind, message);
      assert.equal(await runPipeline(project, 'good'), 1);
    });
  }

  it('inputs that are not plain data or too large are an error', async () => {
    const { project } = open({ 'a.mjs': 'export default () => 1;' });
    await assert.rejects(runPipeline(project, 'a', { f: () => 1 }), GiveUpError);
    await assert.rejects(runPipeline(project, 'a', 'x'.repeat(20_000_000)), /the limit is/);
  });

  it('an endless loop is stopped after the timeout, and does not affect other runs', async () => {
    const { project } = open(
      { 'loop.mjs': 'export default () => { for (;;); };', 'good.mjs': 'export default () => 1;' },
      // The good one needs a part of it on a busy machine.
      { timeout: 5000 },
    );
    const looping = runPipeline(project, 'loop');
    assert.equal(await runPipeline(project, 'good'), 1);
    await assert.rejects(
      looping,
      (error) => error instanceof TimedOutError && /loop ran longer/.test(error.message),
    );
    assert.equal(await runPipeline(project, 'good'), 1);
  });

  for (const [when, meanwhile] of [
    ['', () => undefined],
    [' also if this process stood still meanwhile', () => standStill(2000)],
  ] as const) {
    it(`one that listens to its signal returns, and keeps its process${when}`, async () => {
      const { project } = open(
        {
          'wait.mjs': `let runs = 0;
        export default (_, { signal, log }) => {
          log('begun');
          return ++runs > 1 ? runs : new Promise((resolve) => signal.addEventListener('abort', resolve));
        }`,
        },
        { javascript_processes: 1 },
      );
      const stopping = new AbortController();
      const onLog = () => {
        stopping.abort(new InterruptedError('enough'));
        setImmediate(meanwhile);
      };
      await assert.rejects(
        project.run('wait', { inputs: {}, signal: stopping.signal, onLog }),
        InterruptedError,
      );
      assert.equal(await runPipeline(project, 'wait'), 2);
    });
  }

  it('a changed file, and a changed helper, are used by the next run', async () => {
    const { project, base_dir } = open({
      'main.mjs': "import { n } from './_helper.mjs'; export default () => n;",
      '_helper.mjs': 'export const n = 1;',
    });
    assert.equal(await runPipeline(project, 'main'), 1);
    writeSource(base_dir, '_helper.mjs', 'export const n = 22;');
    assert.equal(await runPipeline(project, 'main'), 22);
  });

  it('do not block the event loop', async () => {
    const file = join(temporaryDirectory('turns'), 'enough');
    const { project } = open({
      'busy.mjs': `import { existsSync } from 'node:fs';
        export default (_, { log }) => { log('begun'); while (!existsSync(${JSON.stringify(file)})); };`,
    });
    const lines: string[] = [];
    const onLog = (line: string) => lines.push(line);
    const running = project.run('busy', { inputs: {}, signal: never, onLog });
    await until('it is busy', () => lines.length > 0);
    for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setTimeout(resolve, 5));
    writeFileSync(file, '');
    await running;
  });

  it('end with their parent process, even in an endless loop', async () => {
    const [base_dir, built] = [temporaryDirectory('killed'), join(__dirname, '../../../../src/index.js')];
    writeSource(base_dir, 'loop.mjs', 'export default () => { console.log(process.pid); for (;;); };');
    const source = `const { openProject } = require(${JSON.stringify(built)});
      const options = { base_dir: ${JSON.stringify(base_dir)}, javascript_processes: 1, memory: 64 };
      const onLog = (pid) => console.log(pid);
      openProject(options).run('loop', { inputs: {}, signal: new AbortController().signal, onLog });`;
    const asker = spawn(process.execPath, ['-e', source], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [pid] = (await once(asker.stdout, 'data')) as [Buffer];
    asker.kill('SIGKILL');
    await until('the pipeline has ended', () => !isRunning(Number(pid)));
  });

  it('are interrupted by close', async () => {
    const { project } = open({
      'loop.mjs': "export default (_, { log }) => { log('begun'); for (;;); };",
    });
    const lines: string[] = [];
    const onLog = (line: string) => lines.push(line);
    const running = project.run('loop', { inputs: {}, signal: never, onLog });
    running.catch(() => undefined);
    await until('it runs', () => lines.length > 0);
    await project.close();
    await assert.rejects(running, InterruptedError);
  });
});
