import assert from 'node:assert/strict';
import { patternMistake, timeZoneMistake } from '../../../src/options/schedule.ts';
import { nextTime } from '../../../src/queue/schedule/schedule.ts';

const valid = [
  '0 2 * * *',
  '*/15 8-17 * * MON-FRI',
  '0 0 L * *',
  '0 9 * * 1#2',
  '*/2 * * * * *',
  '0 0 1 JAN,JUL ?',
];
const wrong: [string, RegExp][] = [
  ['', /5 or 6 fields/],
  ['0 2 * *', /5 or 6 fields/],
  ['60 * * * *', /invalid minute/],
  ['0 24 * * *', /invalid hour/],
  ['0 0 0 * *', /invalid day of month/],
  ['61 * * * * *', /invalid second/],
  ['0 2 * * §', /invalid day of week/],
];

describe('the cron pattern of a schedule', () => {
  for (const pattern of valid) {
    it(`"${pattern}" is valid, for the library, too`, () => {
      assert.equal(patternMistake(pattern), undefined);
      const now = new Date();
      assert.ok(nextTime({ pattern }, now) > now);
    });
  }

  for (const [pattern, mistake] of wrong) {
    it(`"${pattern}" is invalid`, () => {
      assert.match(patternMistake(pattern) ?? '', mistake);
    });
  }

  it('is computed in its time zone, also when the clocks change', () => {
    const next = (tz: string, now: string) =>
      nextTime({ pattern: '30 2 * * *', tz }, new Date(now)).toISOString();
    assert.equal(next('UTC', '2026-03-28T12:00Z'), '2026-03-29T02:30:00.000Z');
    assert.equal(next('Europe/Berlin', '2026-01-10T12:00Z'), '2026-01-11T01:30:00.000Z');
    assert.equal(next('Europe/Berlin', '2026-07-10T12:00Z'), '2026-07-11T00:30:00.000Z');
  });

  it('that never comes is refused at the start', () => {
    assert.equal(patternMistake('0 0 31 2 *'), undefined);
    assert.throws(() => nextTime({ pattern: '0 0 31 2 *' }, new Date()), /invalid/);
  });
});

describe('the time zone of a schedule', () => {
  it('is a name that this machine knows, or empty', () => {
    for (const zone of ['', 'UTC', 'Europe/Berlin']) assert.equal(timeZoneMistake(zone), undefined);
    assert.match(timeZoneMistake('Mars/Base') ?? '', /such as Europe\/Berlin/);
  });
});
