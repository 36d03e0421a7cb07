import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { openProject, PipelineError, type Project, type ProjectOptions } from '../../src/index.ts';
import { closing } from './closing.ts';
import { flowerpowerPython } from './python.ts';
import { temporaryDirectory } from './servers.ts';

/**
 * Creates a project with these files in `pipelines/`. Python pipelines get a configuration that returns the function
 * `result`.
 */
export function projectWith(files: Record<string, string>): string {
  const base_dir = temporaryDirectory('project');
  for (const [name, content] of Object.entries(files)) writeSource(base_dir, name, content);
  return base_dir;
}

export function writeSource(base_dir: string, name: string, content: string): void {
  const file = join(base_dir, 'pipelines', name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  if (!name.endsWith('.py')) return;
  const conf = join(base_dir, 'conf', 'pipelines');
  mkdirSync(conf, { recursive: true });
  writeFileSync(join(base_dir, 'conf', 'project.yml'), 'name: test\n');
  writeFileSync(join(conf, `${basename(name, '.py')}.yml`), 'run:\n  final_vars: [result]\n');
}

/** Opens a project with limits for tests. */
export function openTestProject(base_dir: string, more: Partial<ProjectOptions> = {}): Project {
  return openProject({
    base_dir,
    python: flowerpowerPython ?? 'python3',
    python_processes: 1,
    javascript_processes: 2,
    timeout: 60_000,
    memory: 1024,
    log_level: 'WARNING',
    ...more,
  });
}

/** Returns the inputs of a pipeline in flowerpower-mqtt. */
export function inputsOf(message: unknown): Record<string, unknown> {
  return {
    mqtt_message: message,
    mqtt_topic: 'sensors/1',
    mqtt_qos: 1,
    execution_timestamp: '2026-01-02T03:04:05.678Z',
    execution_mode: 'async',
  };
}

/** Runs a pipeline with a message like flowerpower-mqtt. */
export function runPipeline(project: Project, name: string, message: unknown = {}): Promise<unknown> {
  return project.run(name, { inputs: inputsOf(message), signal: new AbortController().signal });
}

/** Runs a FlowerPower pipeline, and returns the value of its function `result`. */
export async function resultOf(project: Project, name: string, message: unknown = {}): Promise<unknown> {
  return ((await runPipeline(project, name, message)) as { result: unknown }).result;
}

/** Call in a suite. The returned function opens a project with these files, which is closed after the test. */
export function openedProjects() {
  const later = closing();
  return (files: Record<string, string>, more: Partial<ProjectOptions> = {}) => {
    const base_dir = projectWith(files);
    const project = openTestProject(base_dir, more);
    later(() => project.close());
    return { project, base_dir };
  };
}

/** Returns the source of a FlowerPower pipeline with these lines in its function `result`. */
export function pythonSource(...lines: string[]): string {
  return [
    'from typing import Any',
    'def result(mqtt_message: Any, mqtt_topic: str) -> Any:',
    ...lines.map((line) => `    ${line}`),
  ].join('\n');
}

/** Checks that the run fails with a PipelineError of this kind. */
export function failsWith(running: Promise<unknown>, kind: string, message: RegExp): Promise<void> {
  return assert.rejects(running, (error) => {
    assert.ok(error instanceof PipelineError, String(error));
    assert.equal(error.kind, kind);
    assert.match(error.message, message);
    return true;
  });
}
