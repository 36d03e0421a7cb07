import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  failsWith,
  inputsOf,
  openTestProject,
  projectWith,
  pythonSource,
  resultOf,
  runPipeline,
} from '../../../helpers/project.ts';
import type { Project } from '../../../../src/index.ts';
import { oldFlowerpowerPython } from '../../../helpers/python.ts';
import { describeWith } from '../../../helpers/requires.ts';
import { temporaryDirectory } from '../../../helpers/servers.ts';

describeWith(['flowerpower 0.20'], 'FlowerPower 0.20, for which flowerpower-mqtt was written', function () {
  const attempts = join(temporaryDirectory('attempts'), 'attempts');
  let project: Project;

  before(() => {
    const base_dir = projectWith({
      'twice.py': pythonSource('return {"twice": mqtt_message["n"] * 2, "topic": mqtt_topic}'),
      'raises.py': pythonSource(
        `open(${JSON.stringify(attempts)}, "a").write("x")`,
        'raise KeyError("no such sensor")',
      ),
      'silent.py': pythonSource('return 1'),
    });
    writeFileSync(join(base_dir, 'conf/pipelines/silent.yml'), 'run:\n  final_vars: []\n');
    project = openTestProject(base_dir, { python: oldFlowerpowerPython ?? '' });
  });
  after(() => project.close());

  it('reports its version', async () => {
    assert.match((await project.checkPython()).flowerpower, /^0\.20\./);
  });

  it('gets the inputs and returns the result', async () => {
    const { mqtt_topic: topic } = inputsOf({});
    assert.deepEqual(await runPipeline(project, 'twice', { n: 2 }), { result: { twice: 4, topic } });
  });

  it('an error fails the run with its class and message, after one attempt', async () => {
    await failsWith(runPipeline(project, 'raises'), 'KeyError', /no such sensor/);
    assert.equal(readFileSync(attempts, 'utf8'), 'x');
  });

  it('a pipeline without final_vars is refused', () =>
    failsWith(resultOf(project, 'silent'), 'ValueError', /final_vars is empty/));
});
