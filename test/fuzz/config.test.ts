import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { toFlow } from '../../nodes/fp-yaml/to-flow.ts';
import { configFiles } from '../helpers/config-files.ts';
import { read } from '../helpers/config.ts';
import { holds } from '../helpers/fuzz.ts';
import { inBoundedTime } from '../helpers/processor-time.ts';

const noise = fc.constantFrom(
  '\t',
  '- ',
  '? ',
  ': ',
  '&a ',
  '*a',
  '<<: ',
  '{',
  '[',
  '"',
  "'",
  '|',
  '>',
  '---\n',
  '\u0000',
  '!!x ',
  '%',
  '#',
);
/** A real file with inserted pieces of YAML and removed parts. */
const damaged = fc
  .tuple(
    fc.constantFrom(...Object.values(configFiles)),
    fc.array(fc.tuple(fc.nat(), noise, fc.nat(5)), { minLength: 1, maxLength: 5 }),
  )
  .map(([text, changes]) =>
    changes.reduce((changed, [at, piece, left]) => {
      const place = at % changed.length;
      return changed.slice(0, place) + piece + changed.slice(place + left);
    }, text),
  );
/** The keys of a config with arbitrary values. */
const anything = fc
  .record({
    mqtt: fc.anything(),
    subscriptions: fc.anything(),
    job_queue: fc.anything(),
    base_dir: fc.anything(),
  })
  .map((value) => {
    try {
      return stringify(JSON.parse(JSON.stringify(value)));
    } catch {
      return '';
    }
  });

describe('any text as mqtt_config.yml', function () {
  for (const [name, texts] of Object.entries({
    damaged,
    anything,
    noise: fc.array(noise).map((all) => all.join('')),
    text: fc.string(),
  })) {
    it(`results in a config, or in problems with their places, in bounded time (${name})`, () => {
      holds(
        texts,
        (text) => {
          const { config, problems } = inBoundedTime(() => read(text));
          const errors = problems.filter(({ severity }) => severity === 'error');
          assert.equal(config === undefined, errors.length > 0);
          for (const { line, column, message } of problems)
            assert.ok(line >= 1 && column >= 1 && message !== '');
          if (config) toFlow(config, 'any');
          assert.deepEqual(Object.keys(Object.prototype), []);
        },
        1000,
      );
    });
  }
});
