/** The JSON Schema of `mqtt_config.yml`, for completion and checks in editors. */
import { MOST_SUBSCRIPTIONS } from '../../src/config/read-config.ts';
import { sections } from '../../src/config/config.ts';
import { defaultInFile, type Option, type Options } from '../../src/options/option.ts';
import type { Schema } from '../../src/options/rule.ts';
import { variablePattern } from '../../src/base/variable.ts';

export function configSchema(): Schema {
  const { mqtt, subscriptions, job_queue, '': project } = sections;
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'mqtt_config.yml',
    description: 'What node-red-contrib-flowerpower-mqtt reads of the configuration of flowerpower-mqtt',
    type: 'object',
    properties: {
      mqtt: orNothing(section(mqtt)),
      subscriptions: orNothing({
        type: 'array',
        maxItems: MOST_SUBSCRIPTIONS,
        items: section(subscriptions),
      }),
      job_queue: orNothing(section(job_queue)),
      ...properties(project),
    },
  };
}

function section(options: Options): Schema {
  const all = Object.entries(options);
  const conditions = all.flatMap(([name, { rule }]) =>
    rule.requiredBy ? [needs(name, rule.requiredBy)] : [],
  );
  return {
    type: 'object',
    required: all.filter(([, { required }]) => required).map(([name]) => name),
    properties: properties(options),
    ...(conditions.length > 0 && { allOf: conditions }),
  };
}

function properties(options: Options): Schema {
  return Object.fromEntries(Object.entries(options).map(([name, option]) => [name, property(option)]));
}

/** The schema of a value or an environment variable. Optional values may be empty. */
function property(option: Option): Schema {
  const { about, required, rule } = option;
  const nothing = rule.schema['type'] === 'string' ? [{ const: '' }, { type: 'null' }] : [{ type: 'null' }];
  const fallback = defaultInFile(option);
  return {
    description: about,
    ...(fallback !== null && { default: fallback }),
    anyOf: [
      required ? { ...rule.schema, minLength: 1 } : rule.schema,
      { type: 'string', pattern: `^\\s*${variablePattern}\\s*$` },
      ...(required ? [] : nothing),
    ],
  };
}

function needs(name: string, [other, value]: readonly [string, string]): Schema {
  const needed = { required: [name], properties: { [name]: { type: 'string', minLength: 1 } } };
  const isOther = { not: { required: [other], properties: { [other]: { const: value } } } };
  return { anyOf: [isOther, needed] };
}

function orNothing(schema: Schema): Schema {
  return { anyOf: [schema, { type: 'null' }] };
}
