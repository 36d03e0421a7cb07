import assert from 'node:assert/strict';
import { filterMistake, matcher, overlaps } from '../../../src/mqtt/topic.ts';

describe('topic filters', () => {
  const right = [
    '#',
    '+',
    'a',
    '/',
    'a/#',
    '+/b/+',
    'a//b',
    'a b/ü',
    '$SYS/#',
    '$share/group/a/#',
    '$share/g//',
    '#',
  ];
  for (const filter of right) {
    it(`"${filter}" is valid`, () => assert.equal(filterMistake(filter), undefined));
  }

  const wrong: [string, RegExp][] = [
    ['', /empty/],
    ['a\0b', /null/],
    ['a/\ud800', /half a character/],
    ['ü'.repeat(32_768), /longer than 65535 bytes/],
    ['a/#/b', /# only as its last level/],
    ['a#', /# only as its last level/],
    ['##', /# only as its last level/],
    ['a+/b', /\+ only as a whole level/],
    ['++', /\+ only as a whole level/],
    ['$share', /needs a name/],
    ['$share/', /needs a name/],
    ['$share//a', /needs a name/],
    ['$share/a+/b', /needs a name/],
    ['$share/a#/b', /needs a name/],
    ['$share/group', /needs a topic filter after/],
    ['$share/group/', /needs a topic filter after/],
    ['$share/group/a/#/b', /# only as its last level/],
  ];
  for (const [filter, reason] of wrong) {
    it(`"${filter.slice(0, 20)}" is invalid: ${reason.source}`, () => {
      assert.match(filterMistake(filter) ?? '', reason);
    });
  }
});

describe('matching a topic', () => {
  const yes: [string, string][] = [
    ['a/b', 'a/b'],
    ['#', 'a/b'],
    ['#', '/'],
    ['a/#', 'a'],
    ['a/#', 'a/b/c'],
    ['a/+', 'a/b'],
    ['a/+', 'a/'],
    ['+/+', '/a'],
    ['/+', '/a'],
    ['+/b/#', 'a/b'],
    ['$SYS/#', '$SYS/uptime'],
    ['$SYS/+', '$SYS/uptime'],
    ['$share/g/a/#', 'a/b'],
    ['$share/g//a', '/a'],
  ];
  for (const [filter, topic] of yes) {
    it(`"${filter}" matches "${topic}"`, () => assert.equal(matcher(filter)(topic), true));
  }

  const no: [string, string][] = [
    ['a/b', 'a/B'],
    ['a/b', 'a/b/'],
    ['a/+', 'a'],
    ['a/+', 'a/b/c'],
    ['+', '/a'],
    ['a/#', 'ab'],
    ['a/+/c', 'a/b'],
    ['#', '$SYS/uptime'],
    ['+/uptime', '$SYS/uptime'],
    ['$share/g/a', '$share/g/a'],
    ['$share/g/#', '$SYS/uptime'],
  ];
  for (const [filter, topic] of no) {
    it(`"${filter}" does not match "${topic}"`, () => assert.equal(matcher(filter)(topic), false));
  }
});

describe('overlapping filters', () => {
  const yes: [string, string][] = [
    ['a', 'a'],
    ['a/#', 'a'],
    ['a/#', 'a/b/+'],
    ['+/b', 'a/+'],
    ['#', '+/+/c'],
    ['a/+/c', 'a/b/#'],
    ['$share/g/a', '$share/g/a'],
  ];
  for (const [one, other] of yes) {
    it(`"${one}" and "${other}" overlap`, () => {
      assert.equal(overlaps(one, other), true);
      assert.equal(overlaps(other, one), true);
    });
  }

  const no: [string, string][] = [
    ['a', 'b'],
    ['a/+', 'a'],
    ['a/+', 'a/b/c'],
    ['+/b', 'a/c'],
    ['a/b/#', 'a/c/#'],
    ['$share/g/a', 'a'],
  ];
  for (const [one, other] of no) {
    it(`"${one}" and "${other}" do not overlap`, () => {
      assert.equal(overlaps(one, other), false);
      assert.equal(overlaps(other, one), false);
    });
  }
});
