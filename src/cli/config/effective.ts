import { stringify } from 'yaml';
import { sections, type Config } from '../../config/config.ts';
import type { Option, Options } from '../../options/option.ts';
import { isVariable, variableName } from '../../base/variable.ts';

const HIDDEN = '********';

/** The values of a config as YAML or JSON, with environment variables replaced and secrets hidden. */
export function effective({ mqtt, subscriptions, job_queue, ...project }: Config, asJson: boolean): string {
  const values = {
    mqtt: valuesOf(mqtt, sections.mqtt),
    subscriptions: subscriptions.map((one) => valuesOf(one, sections.subscriptions)),
    job_queue: valuesOf(job_queue, sections.job_queue),
    ...valuesOf(project, sections['']),
  };
  return asJson ? `${JSON.stringify(values, undefined, 2)}\n` : stringify(values, { lineWidth: 0 });
}

function valuesOf(section: Record<string, unknown>, options: Options): Record<string, unknown> {
  const entries = Object.entries<Option>(options).map(([name, option]) => {
    return [name, option.secret && section[name] !== null ? HIDDEN : valueOf(section[name])];
  });
  return Object.fromEntries(entries) as Record<string, unknown>;
}

/** A variable that is not set stays as it is. */
function valueOf(value: unknown): unknown {
  return isVariable(value) ? (process.env[variableName(value) ?? ''] ?? value) : value;
}
