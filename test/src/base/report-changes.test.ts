import assert from 'node:assert/strict';
import type { Connection } from '../../../src/base/model.ts';
import { reportChanges } from '../../../src/base/report-changes.ts';

const away = (reason: string): Connection => ({ state: 'waiting', reason });
const refused = (reason: string): Connection => ({ state: 'failed', reason });

describe('changes of a connection', () => {
  let told: Connection[];

  beforeEach(() => {
    told = [];
  });

  function after(...reports: Connection[]): Connection {
    const { report, connection } = reportChanges((change) => told.push(change));
    for (const one of reports) report(one);
    return connection();
  }

  it('are reported once; the reasons of further attempts are kept', () => {
    assert.deepEqual(after(away('refused'), away('no route')), away('no route'));
    assert.deepEqual(told, [away('refused')]);
  });

  it('are reported again if the reason of a failed connection changes', () => {
    after(refused('password'), refused('password'), refused('banned'));
    assert.deepEqual(told, [refused('password'), refused('banned')]);
  });

  it('end with closed', () => {
    assert.deepEqual(after({ state: 'closed' }, away('late')), { state: 'closed' });
    assert.deepEqual(told, [{ state: 'closed' }]);
  });

  it('start with the initial state', () => {
    const { report, connection } = reportChanges((change) => told.push(change), { state: 'closed' });
    assert.deepEqual(connection(), { state: 'closed' });
    report({ state: 'connecting' });
    assert.deepEqual(told, [{ state: 'connecting' }]);
  });
});
