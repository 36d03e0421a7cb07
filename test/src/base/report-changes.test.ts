import assert from 'node:assert/strict';
import type { Connection } from '../../../src/base/model.ts';
import { oncePerOutage, reportChanges } from '../../../src/base/report-changes.ts';

const away = (reason: string): Connection => ({ state: 'waiting', reason });
const connected: Connection = { state: 'connected' };
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

  it('are reported once for attempts with the same reason, and again with another', () => {
    assert.deepEqual(after(away('refused'), away('refused'), away('no route')), away('no route'));
    assert.deepEqual(told, [away('refused'), away('no route')]);
  });

  it('are reported again if the reason of a failed connection changes', () => {
    after(refused('password'), refused('password'), refused('banned'));
    assert.deepEqual(told, [refused('password'), refused('banned')]);
  });

  it('are logged once per outage, whatever the reasons of its attempts', () => {
    const log = oncePerOutage((change) => told.push(change));
    for (const one of [away('refused'), away('no route'), connected, connected, away('no route')]) log(one);
    assert.deepEqual(told, [away('refused'), connected, away('no route')]);
  });

  it('are logged with each new reason that needs a person', () => {
    const log = oncePerOutage((change) => told.push(change));
    for (const one of [refused('password'), refused('banned')]) log(one);
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
