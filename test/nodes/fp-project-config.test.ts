import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { pipeline, project } from '../helpers/flow.ts';
import { sharedNodeRed, type TestNodeRed } from '../helpers/node-red.ts';
import { projectWith } from '../helpers/project.ts';
import { flowerpowerPython } from '../helpers/python.ts';
import { describeWith } from '../helpers/requires.ts';

async function test(red: TestNodeRed, properties: object) {
  const answer = await fetch(`${red.url}/fp/test/fp-project-config`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: 'new', ...properties }),
  });
  return { status: answer.status, ...((await answer.json()) as { answer?: string; error?: string }) };
}

describe('fp-project-config', () => {
  let red: TestNodeRed;

  before(async function () {
    red = await sharedNodeRed();
  });

  it('lists the pipelines of a deployed project for the dialogs', async () => {
    await red.deploy([project(projectWith({ 'a.mjs': '', 'sub/b.py': '' })), pipeline()]);
    const answer = await fetch(`${red.url}/fp/projects/project/pipelines`);
    assert.deepEqual(await answer.json(), [
      { name: 'a', kind: 'javascript' },
      { name: 'sub.b', kind: 'flowerpower' },
    ]);
    await red.deploy([]);
  });

  it('has no list for a project that is not deployed', async () => {
    assert.equal((await fetch(`${red.url}/fp/projects/nobody/pipelines`)).status, 400);
  });

  it("the dialog's button needs no Python for a project with JavaScript pipelines alone", async () => {
    const base_dir = projectWith({ 'a.mjs': '', 'b.js': '' });
    const { answer, error } = await test(red, { base_dir, python: '/nowhere/python' });
    assert.match(
      answer ?? error ?? '',
      /^2 pipelines; no FlowerPower \(needed for \.py only\): .*install Python 3/,
    );
    assert.deepEqual(readdirSync(base_dir), ['pipelines']);
  });

  it("the dialog's button says that there is no such folder", async () => {
    const { error } = await test(red, { base_dir: '/nowhere/project', python: 'python3' });
    assert.match(error ?? '', /the folder \/nowhere\/project is missing/);
  });

  it("the dialog's button says what is wrong with Python, or with the fields", async () => {
    const base_dir = projectWith({});
    const missing = await test(red, { base_dir, python: '/nowhere/python' });
    assert.equal(missing.status, 400);
    assert.match(missing.error ?? '', /nowhere\/python.*install Python 3/);
    const mixed = await test(red, {
      base_dir: projectWith({ 'a.mjs': '', 'b.py': '' }),
      python: '/nowhere/python',
    });
    assert.equal(mixed.status, 400);
    const wrong = await test(red, { base_dir, python: 'python3', python_processes: 'many' });
    assert.match(wrong.error ?? '', /`python_processes` must be a whole number/);
  });
});

describeWith(['flowerpower'], 'fp-project-config with Python', function () {
  it("the dialog's button tells the pipelines and the versions", async () => {
    const base_dir = projectWith({ 'a.mjs': '', 'b.py': '' });
    const { answer, error } = await test(await sharedNodeRed(), { base_dir, python: flowerpowerPython });
    assert.match(answer ?? error ?? '', /^2 pipelines; Python 3\.\S+, FlowerPower 0\.\S+$/);
  });
});
