import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InterruptedError, RunnerUnavailableError } from '../../../../src/base/errors.ts';
import type { Project } from '../../../../src/index.ts';
import { isRunning } from '../../../helpers/is-running.ts';
import { inputsOf, openedProjects, pythonSource } from '../../../helpers/project.ts';
import { describeWith } from '../../../helpers/requires.ts';
import { temporaryDirectory } from '../../../helpers/servers.ts';
import { until } from '../../../helpers/until.ts';

const unavailable = (project: Project, words: RegExp) =>
  assert.rejects(project.checkPython(), (error) => {
    assert.ok(error instanceof RunnerUnavailableError, String(error));
    assert.match(error.message, words);
    return true;
  });

/** Writes an executable script to use instead of Python. */
function script(...lines: string[]): string {
  const file = join(temporaryDirectory('python'), 'python');
  writeFileSync(file, ['#!/bin/sh', ...lines].join('\n'), { mode: 0o755 });
  return file;
}

describe('starting Python', () => {
  const open = openedProjects();

  it('a missing interpreter is reported with its path and what to do', () => {
    const { project } = open({}, { python: '/nowhere/python3' });
    return unavailable(project, /nowhere\/python3.*install Python 3/);
  });

  it('a missing folder is reported, and not that Python is missing', () => {
    const { project } = open({}, { base_dir: '/nowhere/project', python: script('exit 0') });
    return unavailable(project, /^the folder \/nowhere\/project is missing/);
  });

  it('the output of an interpreter that ends is reported', () => {
    const { project } = open({}, { python: script('echo "libpython is broken" >&2', 'exit 1') });
    return unavailable(project, /ended with code 1: libpython is broken/);
  });

  it('is interrupted by an abort, and leaves no process', async () => {
    const pid = join(temporaryDirectory('pid'), 'pid');
    const python = script(`echo $$ > ${pid}.new; mv ${pid}.new ${pid}; exec sleep 1000`);
    const { project } = open({ 'a.py': pythonSource('return 1') }, { python });
    const stopping = new AbortController();
    const running = project.run('a', { inputs: inputsOf({}), signal: stopping.signal });
    running.catch(() => undefined);
    await until('it starts', () => existsSync(pid));
    stopping.abort(new InterruptedError('enough'));
    await assert.rejects(running, InterruptedError);
    assert.ok(!isRunning(Number(readFileSync(pid, 'utf8'))));
  });
});

describeWith(['flowerpower'], 'starting FlowerPower', function () {
  const open = openedProjects();

  it("an invalid configuration is reported with FlowerPower's message", async () => {
    const { project, base_dir } = open({ 'a.py': pythonSource('return 1') });
    writeFileSync(join(base_dir, 'conf/project.yml'), 'name: [unclosed\n');
    await unavailable(project, /^FlowerPower 0\.\S+ cannot open .*: \w+Error/);
  });

  it('a folder without a project is not changed', async () => {
    const { project, base_dir } = open({});
    await project.checkPython();
    assert.deepEqual(readdirSync(base_dir), []);
  });

  it('a folder with only JavaScript pipelines is not changed', async () => {
    const { project, base_dir } = open({ 'a.mjs': '' });
    await project.checkPython();
    assert.deepEqual(readdirSync(base_dir), ['pipelines']);
  });
});
