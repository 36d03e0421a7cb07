import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '../helpers/servers.ts';
import { Ledger } from './ledger.ts';

describe('the ledger of a campaign', () => {
  function ledgerWith(...lines: string[]): Ledger {
    const ledger = new Ledger(join(temporaryDirectory('ledger'), 'runs.txt'));
    writeFileSync(ledger.file, lines.map((line) => `${line}\n`).join(''));
    return ledger;
  }

  it('wants a run of each pipeline that subscribed to a message', () => {
    const { lost } = ledgerWith('1 all a', '2 all b').settle([1, 2]);
    assert.deepEqual(lost, [{ number: 2, pipeline: 'even' }]);
  });

  it('tells two jobs for one run from one job for each of two pipelines', () => {
    const { doubled } = ledgerWith('2 all a', '2 even b', '4 all c', '4 all d', '4 even e').settle([2, 4]);
    assert.deepEqual(doubled, [{ number: 4, pipeline: 'all' }]);
  });

  it('does not take a job that ran again for a second job', () => {
    const { doubled, repeatedRuns } = ledgerWith('1 all a', '1 all a', '1 all a').settle([1]);
    assert.deepEqual({ doubled, repeatedRuns }, { doubled: [], repeatedRuns: 2 });
  });

  it('counts a message as finished when its last pipeline has run', () => {
    assert.equal(ledgerWith('1 all a', '2 all b').finished, 1);
    assert.equal(ledgerWith('1 all a', '2 all b', '2 even c').finished, 2);
  });
});
