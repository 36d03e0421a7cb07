import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import { configSchema } from '../../../scripts/generated/json-schema.ts';
import { sections, writeConfig } from '../../../src/index.ts';
import { configFiles, wrongFile } from '../../helpers/config-files.ts';
import { anyConfig, read } from '../../helpers/config.ts';

const validate = new Ajv2020({ allErrors: true }).compile(configSchema());

/** Returns the paths that the schema rejects, in the format of `readConfig`. */
function wrongPlaces(text: string): string[] {
  validate(parse(text));
  const places = (validate.errors ?? []).flatMap(({ keyword, instancePath, params }) => {
    const path = keyword === 'required' ? `${instancePath}/${params['missingProperty']}` : instancePath;
    // Ajv also reports errors for each alternative and for the parents.
    return /^\/(mqtt|job_queue|subscriptions(\/\d+)?)?$/.test(path) ? [] : [path];
  });
  const written = places.map((path) =>
    path
      .slice(1)
      .replaceAll(/\/(\d+)/g, '[$1]')
      .replaceAll('/', '.'),
  );
  return [...new Set(written)].toSorted();
}

/** Returns the paths that `readConfig` rejects. */
function errorsOf(text: string): string[] {
  const errors = read(text).problems.filter(({ severity }) => severity === 'error');
  return errors.map(({ path }) => path).toSorted();
}

describe('the JSON Schema of mqtt_config.yml', () => {
  for (const [name, text] of Object.entries(configFiles)) {
    it(`accepts the file ${name}`, () => assert.deepEqual(wrongPlaces(text), []));
  }

  it('accepts every file that can be written', () => {
    fc.assert(
      fc.property(anyConfig, (config) => assert.deepEqual(wrongPlaces(writeConfig(config)), [])),
      { numRuns: 100 },
    );
  });

  it('finds every mistake that readConfig finds', () => {
    assert.deepEqual(wrongPlaces(wrongFile), errorsOf(wrongFile));
  });

  const wrongValues = ['[]', '{a: 1}', '1.5', '-1', '1e12', 'true', '"no such thing"', '"a b"', '"x://y"'];
  for (const [section, options] of Object.entries(sections)) {
    for (const option of Object.keys(options)) {
      it(`rejects the same values as readConfig for ${section} ${option}`, () => {
        for (const value of wrongValues) {
          const line = `${option}: ${value}`;
          const others = section === 'subscriptions' ? 'topic: a, pipeline: p, ' : '';
          const keys = `${others.replace(new RegExp(`${option}: .,`), '')}${line}`;
          const text =
            section === ''
              ? line
              : `${section}: ${section === 'subscriptions' ? `[{${keys}}]` : `{${keys}}`}`;
          assert.deepEqual(wrongPlaces(text), errorsOf(text), text);
        }
      });
    }
  }

  it('needs the definition of a Protobuf payload', () => {
    const text = 'subscriptions: [{topic: a, pipeline: p, deserialization_format: protobuf}]';
    assert.deepEqual(wrongPlaces(text), ['subscriptions[0].proto_file', 'subscriptions[0].proto_message']);
    assert.deepEqual(errorsOf(text), wrongPlaces(text));
  });
});
