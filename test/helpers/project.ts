import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { openProject, type Project, type ProjectOptions } from '../../src/index.ts';
import { flowerpowerPython } from './python.ts';
import { temporaryDirectory } from './servers.ts';

/**
 * A project's directory with these files below `pipelines/`. A Python pipeline gets a configuration that returns its
 * function `result`.
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

/** Opens it with bounds that suit tests. */
export function openTestProject(base_dir: string, more: Partial<ProjectOptions> = {}): Project {
  return openProject({
    base_dir,
    python: flowerpowerPython ?? 'python3',
    processes: 1,
    threads: 2,
    timeout: 60_000,
    memory: 1024,
    log_level: 'WARNING',
    ...more,
  });
}

/** What flowerpower-mqtt gives a pipeline. */
export function inputsOf(message: unknown): Record<string, unknown> {
  return {
    mqtt_message: message,
    mqtt_topic: 'sensors/1',
    mqtt_qos: 1,
    execution_timestamp: '2026-01-02T03:04:05.678Z',
    execution_mode: 'async',
  };
}
