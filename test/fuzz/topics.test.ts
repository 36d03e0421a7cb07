import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { filterMistake, matcher, overlaps } from '../../src/mqtt/topic.ts';
import { holds } from '../helpers/fuzz.ts';

const level = fc.constantFrom('a', 'b', '', 'ü', '$SYS', 'a b');
const topics = fc.array(level, { minLength: 1, maxLength: 5 }).map((levels) => levels.join('/'));
const filters = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), { minLength: 1, maxLength: 5 }), fc.boolean())
  .map(([levels, isOpen]) => [...levels, ...(isOpen ? ['#'] : [])].join('/'))
  .filter((filter) => filter !== '');
const anything = fc.oneof(
  fc.anything(),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('a', 'b', '/', '+', '#', '$') }),
);

/** The rules of MQTT 5.0 section 4.7 as a regular expression. */
function asRegExp(filter: string): RegExp {
  const levels = filter.split('/').map((one) => (one === '+' ? '[^/]*' : one.replaceAll(/[$.*?]/g, '\\$&')));
  const open = levels.at(-1) === '#';
  if (open) levels.pop();
  const start = /^[+#]/.test(filter) ? '(?!\\$)' : '';
  const text = levels.join('/');
  const end = open ? (levels.length === 0 ? '.*' : '(/.*)?') : '';
  return new RegExp(`^${start}${text}${end}$`, 'su');
}

describe('any topic', () => {
  it('matches a filter according to the standard', () => {
    holds(
      fc.tuple(filters, topics),
      ([filter, topic]) => assert.equal(matcher(filter)(topic), asRegExp(filter).test(topic)),
      5000,
    );
  });

  it('that matches two filters means that they overlap', () => {
    holds(
      fc.tuple(filters, filters, topics),
      ([one, other, topic]) => {
        if (matcher(one)(topic) && matcher(other)(topic)) assert.ok(overlaps(one, other));
      },
      5000,
    );
  });
});

describe('any topic filter', () => {
  it('that follows the standard is valid', () => {
    holds(filters, (filter) => assert.equal(filterMistake(filter), undefined));
  });

  it('is valid, or its mistake is reported', () => {
    holds(
      anything,
      (filter) => {
        const mistake = filterMistake(filter as string);
        if (mistake !== undefined) return assert.ok(mistake.length > 0);
        assert.equal(typeof filter, 'string');
        matcher(filter as string)('a/b');
      },
      5000,
    );
  });
});
