import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  GiveUpError,
  type PipelineError,
  RunnerUnavailableError,
  TimedOutError,
} from '../../../../src/base/errors.ts';
import type { Project } from '../../../../src/index.ts';
import { isRunning } from '../../../helpers/is-running.ts';
import {
  failsWith,
  inputsOf,
  openedProjects,
  openTestProject,
  projectWith,
  pythonSource,
  resultOf,
  runPipeline,
} from '../../../helpers/project.ts';
import { flowerpowerAlone, flowerpowerPython } from '../../../helpers/python.ts';
import { describeWith } from '../../../helpers/requires.ts';
import { temporaryDirectory } from '../../../helpers/servers.ts';
import { until } from '../../../helpers/until.ts';

describeWith(['flowerpower'], 'FlowerPower pipelines', function () {
  const never = new AbortController().signal;

  const open = openedProjects();

  describe('in one project', () => {
    const base_dir = projectWith({
      'good.py': pythonSource('return {"twice": mqtt_message["n"] * 2, "topic": mqtt_topic}'),
      'talk.py': pythonSource(
        'import logging, os',
        'print("printed", flush=True)',
        'os.write(1, b"written\\n")',
        'logging.warning("logged")',
        'return 1',
      ),
      'raises.py': pythonSource('raise KeyError("no such sensor")'),
      'leaves.py': pythonSource('import sys; sys.exit(3)'),
      'dies.py': pythonSource('import os, signal; os.kill(os.getpid(), signal.SIGKILL)'),
      'quits.py': pythonSource(
        'import os, subprocess, sys',
        'print(subprocess.Popen(["sleep", "1000"]).pid, file=sys.stderr)',
        'os._exit(7)',
      ),
      'leak.py': pythonSource(
        'kept = bytearray(900_000_000)',
        'import time',
        'time.sleep(30)',
        'return len(kept)',
      ),
      'frame.py': pythonSource(
        'import pandas as pd',
        'return pd.DataFrame({"n": [1, 2], "x": [0.5, float("nan")], "t": pd.to_datetime(["2026-01-02", None])})',
      ),
      'odd.py': pythonSource(
        'import datetime, decimal, numpy as np, pyarrow as pa',
        'return {"nan": float("nan"), "bytes": b"\\x00\\xff", "when": datetime.datetime(2026, 1, 2, 3, 4, 5),',
        '        "numpy": np.float32(0.5), "array": np.arange(3), "tuple": (1, 2), "big": 2**60, 5: None,',
        '        "decimal": decimal.Decimal("1.10"), "set": {1}, "table": pa.table({"a": [1]}), "tag": {"$buffer": 1},',
        '        "object": object}',
      ),
      'same.py': pythonSource(
        'return [type(mqtt_message["b"]).__name__, mqtt_message["b"], type(mqtt_message["d"]).__name__]',
      ),
      'large.py': pythonSource('return "x" * 20_000_000'),
      'silent.py': 'def pythonSource() -> int:\n    return 1\n',
    });
    writeFileSync(join(base_dir, 'conf/pipelines/silent.yml'), 'run:\n  final_vars: []\n');
    let project: Project;

    before(() => {
      project = openTestProject(base_dir, { memory: 600 });
    });
    after(() => project.close());
    /** Checks that the project still works. */
    afterEach(async () =>
      assert.deepEqual(await resultOf(project, 'good', { n: 2 }), { twice: 4, topic: 'sensors/1' }),
    );

    it('output goes to the log of the run, not into the answer', async () => {
      const lines: string[] = [];
      const onLog = (line: string) => lines.push(line);
      assert.deepEqual(await project.run('talk', { inputs: inputsOf({}), signal: never, onLog }), {
        result: 1,
      });
      const text = lines.join('\n');
      for (const word of ['printed', 'written', 'logged']) assert.match(text, new RegExp(word));
    });

    it('an exception fails the run with its class, message and traceback', async () => {
      await failsWith(resultOf(project, 'raises'), 'KeyError', /no such sensor/);
      const error = (await resultOf(project, 'raises').catch((reason: Error) => reason)) as Error;
      assert.match(error.stack ?? '', /Traceback[\s\S]*raises\.py/);
    });

    it('one that calls sys.exit only fails its own run', () =>
      failsWith(resultOf(project, 'leaves'), 'SystemExit', /3/));
    it('one that kills its process only fails its own run', () =>
      failsWith(resultOf(project, 'dies'), 'ProcessEnded', /SIGKILL/));
    it('one that ends its process only fails its own run, and its child processes end', async () => {
      const error = (await resultOf(project, 'quits').catch((reason: Error) => reason)) as PipelineError;
      const [, pid] = /ended with code 7: [^]*?(\d+)$/.exec(error.message) ?? [];
      assert.ok(error.kind === 'ProcessEnded' && pid, error.message);
      await until('it is gone', () => !isRunning(Number(pid)));
    });
    it('one that exceeds the memory limit fails', () =>
      failsWith(resultOf(project, 'leak'), 'MemoryError', /the limit is 600 MB/));
    it('a result of 20 MB is refused', () =>
      failsWith(resultOf(project, 'large'), 'ValueError', /the limit is/));

    it('a DataFrame becomes rows', async () => {
      assert.deepEqual(await resultOf(project, 'frame'), [
        { n: 1, x: 0.5, t: '2026-01-02T00:00:00' },
        { n: 2, x: null, t: null },
      ]);
    });

    it('values that JSON lacks are converted, and values that cannot be converted are described', async () => {
      const { object, ...others } = (await resultOf(project, 'odd')) as Record<string, unknown>;
      assert.deepEqual(others, {
        nan: null,
        bytes: Buffer.from([0, 255]),
        when: '2026-01-02T03:04:05',
        numpy: 0.5,
        array: [0, 1, 2],
        tuple: [1, 2],
        big: `${2n ** 60n}`,
        '5': null,
        decimal: '1.10',
        set: [1],
        table: [{ a: 1 }],
        tag: { $buffer: 1 },
      });
      assert.match(object as string, /class 'object'/);
    });

    it('Buffers and Dates arrive as bytes and datetime', async () => {
      const message = { b: Buffer.from('abc'), d: new Date(0) };
      assert.deepEqual(await resultOf(project, 'same', message), ['bytes', message.b, 'datetime']);
    });

    it('inputs that are too large are an error', () =>
      assert.rejects(resultOf(project, 'good', 'x'.repeat(20_000_000)), GiveUpError));

    it('one without final_vars is refused, because FlowerPower would never end', () =>
      failsWith(resultOf(project, 'silent'), 'ValueError', /final_vars is empty/));
  });

  it('a changed pipeline, and a changed configuration, is used by the next run', async () => {
    const { project, base_dir } = open({ 'a.py': pythonSource('return 1') });
    assert.deepEqual(await runPipeline(project, 'a'), { result: 1 });
    const source = 'def result() -> int:\n    return 1 + 1\ndef other() -> int:\n    return 3\n';
    writeFileSync(join(base_dir, 'pipelines/a.py'), source);
    assert.deepEqual(await runPipeline(project, 'a'), { result: 2 });
    writeFileSync(join(base_dir, 'conf/pipelines/a.yml'), 'run:\n  final_vars: [result, other]\n');
    assert.deepEqual(await runPipeline(project, 'a'), { result: 2, other: 3 });
  });

  it('a process stays when a data file is written next to the pipelines, and ends with `close`', async () => {
    const { project, base_dir } = open({ 'pid.py': pythonSource('import os', 'return os.getpid()') });
    const pid = (await resultOf(project, 'pid')) as number;
    writeFileSync(join(base_dir, 'flows.json'), '[]');
    assert.equal(await resultOf(project, 'pid'), pid);
    assert.ok(isRunning(pid));
    await project.close();
    await until('it is gone', () => !isRunning(pid));
  });

  describe('with a timeout', () => {
    const pids = join(projectWith({}), 'pids');
    const base_dir = projectWith({
      'waits.py': pythonSource('import time', 'time.sleep(1)', 'return 1'),
      'sleeps.py': pythonSource(
        'import subprocess, signal, os',
        'signal.signal(signal.SIGINT, signal.SIG_IGN)',
        'child = subprocess.Popen(["sleep", "1000"])',
        `open(${JSON.stringify(pids)}, "w").write(f"{os.getpid()} {child.pid}")`,
        'child.wait()',
      ),
    });
    let project: Project;

    before(() => {
      project = openTestProject(base_dir, { timeout: 8000 });
    });
    after(() => project.close());

    it('it starts when the run has its process', async () => {
      // Together they take longer than the timeout, each far less.
      const results = await Promise.all(Array.from({ length: 9 }, () => resultOf(project, 'waits')));
      assert.deepEqual(results, Array(9).fill(1));
    });

    it('a run that exceeds it ends with its child processes, even if it ignores SIGINT', async () => {
      await assert.rejects(resultOf(project, 'sleeps'), TimedOutError);
      const left = () =>
        readFileSync(pids, 'utf8')
          .split(' ')
          .filter((pid) => isRunning(Number(pid)));
      await until('they are gone', () => left().length === 0);
    });
  });

  it('a process that leaks memory is replaced, and no run fails', async () => {
    const leak = [
      'import os, sys',
      'sys.kept = getattr(sys, "kept", []) + [b"x" * 20_000_000]',
      'return os.getpid()',
    ];
    const { project } = open({ 'leak.py': pythonSource(...leak) }, { memory: 400 });
    const pids = new Set<unknown>();
    for (let i = 0; i < 40 && pids.size < 2; i++) pids.add(await resultOf(project, 'leak'));
    assert.equal(pids.size, 2);
  });

  it('1,000 runs on two processes, one of which is killed, return the same results as Python alone', async () => {
    const source = pythonSource(
      'import os',
      'return {"pid": os.getpid(), "n": mqtt_message["n"], "root": mqtt_message["n"] ** 0.5, "topic": mqtt_topic}',
    );
    const { project, base_dir } = open({ 'root.py': source }, { python_processes: 2 });
    const used = new Set<number>();
    let killed = 0;
    const one = async (n: number): Promise<Record<string, unknown>> => {
      const { pid, ...rest } = (await resultOf(project, 'root', { n }).catch(() => one(n))) as {
        pid: number;
      };
      used.add(pid);
      if (n === 500 && killed === 0) process.kill((killed = pid), 'SIGKILL');
      return rest;
    };
    const ours = await Promise.all(Array.from({ length: 1000 }, (_, n) => one(n)));
    const inputs = Array.from({ length: 1000 }, (_, n) => inputsOf({ n }));
    const alone = flowerpowerAlone(base_dir, 'root', inputs).map((outcome) => {
      const { pid: _pid, ...rest } = (outcome as { result: { pid: number } }).result;
      return rest;
    });
    assert.deepEqual(ours, alone);
    assert.ok(killed > 0 && used.size >= 3, `${used.size} processes`);
  });

  it('a missing FlowerPower is reported with the command that installs it', async () => {
    const bare = temporaryDirectory('venv');
    execFileSync(flowerpowerPython ?? '', ['-m', 'venv', '--without-pip', bare]);
    const { project } = open({}, { python: bare });
    await assert.rejects(
      project.checkPython(),
      (error) =>
        error instanceof RunnerUnavailableError && /" -m pip install flowerpower/.test(error.message),
    );
  });

  it('a virtual environment may be given by its directory, and its versions are reported', async () => {
    const { project } = open({}, { python: join(flowerpowerPython ?? '', '../..') });
    const { python, flowerpower } = await project.checkPython();
    assert.match(python, /^3\.\d+\.\d+/);
    assert.match(flowerpower, /^0\.\d+/);
  });
});
