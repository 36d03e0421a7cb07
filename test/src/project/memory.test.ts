import assert from 'node:assert/strict';
import type { Project } from '../../../src/index.ts';
import { heldMegabytes } from '../../helpers/heap.ts';
import { openedProjects, pythonSource, runPipeline } from '../../helpers/project.ts';
import { describeWith } from '../../helpers/requires.ts';

const RUNS = 200;
const MEGABYTES = 0.2;

/** Returns the growth of memory in megabytes after many runs with a result of 0.2 MB. */
async function leftBehind(project: Project, name: string): Promise<number> {
  await runPipeline(project, name);
  const before = heldMegabytes();
  for (let i = 0; i < RUNS; i++) await runPipeline(project, name);
  return heldMegabytes() - before;
}

describeWith(['flowerpower'], 'the memory of Node-RED', function () {
  const open = openedProjects();

  it('does not grow with the results of FlowerPower pipelines, whose process stays', async () => {
    const { project } = open({ 'large.py': pythonSource(`return "x" * int(${MEGABYTES}e6)`) });
    const left = await leftBehind(project, 'large');
    assert.ok(left < (RUNS * MEGABYTES) / 4, `${left} MB`);
  });

  it('does not grow with the results of JavaScript pipelines, whose process stays', async () => {
    const { project } = open({ 'large.mjs': `export default () => 'x'.repeat(${MEGABYTES}e6);` });
    const left = await leftBehind(project, 'large');
    assert.ok(left < (RUNS * MEGABYTES) / 4, `${left} MB`);
  });
});
