import assert from 'node:assert/strict';
import { describeWith } from '../../helpers/requires.ts';
import { runMistakes, type DeployType, type Outcome } from './run-mistakes.ts';
import type { Mistake } from './mistake.ts';

/** A suite with one test for each mistake; all of them are made at the same time, in flows that share a Node-RED. */
export function describeMistakes(mistakes: Mistake[], title: string, correction: DeployType): void {
  const suite = `${title}, corrected by a deploy of type "${correction}"`;
  describeWith(['mosquitto', 'redis'], suite, function () {
    let outcomes: Map<Mistake, Outcome>;

    before(async function () {
      this.timeout(600_000);
      outcomes = await runMistakes(mistakes, correction);
    });

    for (const mistake of mistakes) {
      it(`${mistake.title}: ${promise[mistake.outcome]}`, () => {
        const outcome = outcomes.get(mistake);
        assert(outcome, 'it was not tried');
        check(mistake, outcome);
      });
    }
  });
}

const promise = {
  runs: 'everything runs',
  waits: 'nothing is lost, and a node shows it',
  either: 'everything runs, or waits and a node shows it',
  stays: 'nothing is lost',
};

function check(
  { outcome, part }: Mistake,
  { ranBefore, lost, shown, shownInTheEnd, deadLetters }: Outcome,
): void {
  assert.equal(lost.join(' '), '', 'lost, although the mistake was corrected');
  assert.equal(deadLetters, 0, 'dead letters');
  const isUntouched = part === 'beside' || outcome === 'runs';
  if (isUntouched) assert.ok(ranBefore, `not everything ran: ${shown.join('; ')}`);
  if (outcome === 'waits') assert.ok(shown.length > 0, 'no node is red or yellow');
  if (outcome === 'either') assert.ok(ranBefore || shown.length > 0, 'no node is red or yellow');
  assert.deepEqual(shownInTheEnd, [], 'a node is red or yellow, although the mistake was corrected');
}
