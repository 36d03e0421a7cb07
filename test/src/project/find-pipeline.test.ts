import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { PipelineNotFoundError } from '../../../src/base/errors.ts';
import { findPipeline } from '../../../src/project/find-pipeline.ts';
import { listPipelines } from '../../../src/project/list-pipelines.ts';
import { projectWith } from '../../helpers/project.ts';
import { temporaryDirectory } from '../../helpers/servers.ts';

describe('the pipelines of a project', () => {
  const base_dir = projectWith({
    'clean.py': '',
    'sensors/mean_value.py': '',
    'alarm.js': '',
    'report.mjs': '',
    'old.cjs': '',
    'both.py': '',
    'both.js': '',
    '__init__.py': '',
    '_helper.py': '',
    '.hidden.js': '',
    'notes.txt': '',
    'my.pipe.js': '',
    'v1.2/pipe.js': '',
    'node_modules/x/index.js': '',
  });

  it('are the .py, .js, .mjs and .cjs files, by name; folders are dots', async () => {
    const names = (await listPipelines(base_dir)).map(({ name, kind }) => `${name} ${kind}`);
    assert.deepEqual(names.toSorted(), [
      'alarm javascript',
      'both flowerpower',
      'both javascript',
      'clean flowerpower',
      'old javascript',
      'report javascript',
      'sensors.mean_value flowerpower',
    ]);
  });

  it('are found exactly if they are listed', async () => {
    for (const { name, file } of await listPipelines(base_dir)) {
      if (name !== 'both') assert.equal((await findPipeline(base_dir, name)).file, file);
    }
    await refused('my.pipe', /no pipeline my\.pipe/);
  });

  it('are found by name; a hyphen means an underscore', async () => {
    const found = await findPipeline(base_dir, 'sensors.mean-value');
    assert.deepEqual(found, {
      name: 'sensors.mean-value',
      kind: 'flowerpower',
      file: join(base_dir, 'pipelines/sensors/mean_value.py'),
    });
    assert.equal((await findPipeline(base_dir, 'alarm')).kind, 'javascript');
  });

  const refused = (name: string, words: RegExp, directory = base_dir) =>
    assert.rejects(findPipeline(directory, name), (error) => {
      assert.ok(error instanceof PipelineNotFoundError);
      assert.match(error.message, words);
      return true;
    });

  it('an unknown name is refused with a list of the pipelines', () =>
    refused('cleen', /no pipeline cleen in .*there are .*clean/));

  it('an ambiguous name is refused with a list of the files', () => refused('both', /both\.py and both\.js/));

  it('a missing directory is refused with its path', () =>
    refused('a', /pipelines; the folder has no pipelines/, '/nowhere'));

  for (const name of [
    '../secret',
    'a/b',
    'a..b',
    '.a',
    '',
    'a\0',
    'ü',
    'x'.repeat(101),
    'C:\\x',
    '__proto__/x',
  ]) {
    it(`"${name.slice(0, 20)}" is an invalid name`, () => refused(name, /invalid pipeline name/));
  }

  it('a link to a file outside the directory is not followed', async () => {
    const outside = projectWith({ 'secret.js': '' });
    symlinkSync(join(outside, 'pipelines/secret.js'), join(base_dir, 'pipelines/secret.js'));
    await refused('secret', /no pipeline secret/);
  });

  it('an empty project lists nothing', async () => {
    assert.deepEqual(await listPipelines(temporaryDirectory('empty')), []);
  });
});
