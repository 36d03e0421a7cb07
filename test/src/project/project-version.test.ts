import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectVersion } from '../../../src/project/project-version.ts';
import { temporaryDirectory } from '../../helpers/servers.ts';

describe("the version of a project's sources", () => {
  const base_dir = temporaryDirectory('project');

  async function changesWith(file: string): Promise<boolean> {
    const before = await projectVersion(base_dir);
    mkdirSync(dirname(join(base_dir, file)), { recursive: true });
    writeFileSync(join(base_dir, file), file);
    return before !== (await projectVersion(base_dir));
  }

  for (const file of [
    'pipelines/a.py',
    'pipelines/sensors/b.mjs',
    'pipelines/limits.json',
    'conf/project.yml',
    'conf/pipelines/a.yaml',
    'hooks/a/hook.py',
    'helper.py',
    'helper.cjs',
  ]) {
    it(`changes with ${file}`, async () => assert.ok(await changesWith(file)));
  }

  for (const file of [
    'flows.json',
    'flows_cred.json',
    'context/global/global.json',
    'data/out.json',
    'data/out.yml',
    'conf/cache.json',
    'pipelines/out.csv',
    'pipelines/__pycache__/a.py',
    'pipelines/node_modules/x/index.js',
    'node_modules/x/index.js',
    'venv/lib/x.py',
  ]) {
    it(`does not change with ${file}`, async () => assert.ok(!(await changesWith(file))));
  }
});
