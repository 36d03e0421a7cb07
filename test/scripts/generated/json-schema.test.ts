import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import { configSchema } from '../../../scripts/generated/json-schema.ts';
import { sections, writeConfig } from '../../../src/index.ts';
import { configFiles, wrongFile } from '../../helpers/config-files.ts';
import { anyConfig, read } from '../../helpers/config.ts';

const validate = new Ajv2020({ allErrors: true }).compile(configSchema());

/** The places of a file that the schema finds wrong, as `readConfig` writes them. */
function wrongPlaces(text: string): string[] {
  validate(parse(text));
  const places = (validate.errors ?? []).flatMap(({ keyword, instancePath, params }) => {
    const path = keyword === 'required' ? `${instancePath}/${params['missingProperty']}` : instancePath;
    // Beside the place itself there is an error for each of its alternatives, and for what it is within.
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

/** The places of a file that the reader finds wrong. */
function errorsOf(text: string): string[] {
  const errors = read(text).problems.filter(({ severity }) => severity === 'error');
  return errors.map(({ path }) => path).toSorted();
}

describe('the JSON Schema of mqtt_config.yml', () => {
  for (const [name, text] of Object.entries(configFiles)) {
    it(`finds nothing wrong with the file ${name}`, () => assert.deepEqual(wrongPlaces(text), []));
  }

  it('finds nothing wrong with any file that can be written', () => {
    fc.assert(
      fc.property(anyConfig, (config) => assert.deepEqual(wrongPlaces(writeConfig(config)), [])),
      { numRuns: 100 },
    );
  });

  it('finds every mistake that the reader finds', () => {
    assert.deepEqual(wrongPlaces(wrongFile), errorsOf(wrongFile));
  });

  const wrongValues = ['[]', '{a: 1}', '1.5', '-1', '1e12', 'true', '"no such thing"', '"a b"', '"x://y"'];
  for (const [section, options] of Object.entries(sections)) {
    for (const option of Object.keys(options)) {
      it(`agrees with the reader on what is wrong for ${section} ${option}`, () => {
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
