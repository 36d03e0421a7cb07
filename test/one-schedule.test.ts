/** Three Node-REDs with the same schedules: one is killed and started again, another gets a new interval. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openInspector, openStore, type StoreOptions } from '../src/index.ts';
import { NodeRedProcess } from './faults/node-red-process.ts';
import { closing } from './helpers/closing.ts';
import { fn, prefixed, queue, schedule, worker } from './helpers/flow.ts';
import { withTab, type FlowNode } from './helpers/node-red.ts';
import { postgresUrl, sharedPostgres } from './helpers/postgres.ts';
import { redisAddress } from './helpers/redis.ts';
import { untilOneATick, type Tick } from './helpers/one-a-tick.ts';
import { describeWith } from './helpers/requires.ts';
import { temporaryDirectory } from './helpers/servers.ts';
import { until } from './helpers/until.ts';

const SECOND = 1000;

/** A job that a gateway ran. */
interface Run extends Tick {
  store: string;
  gateway: string;
}

describeWith(['redis', 'postgres'], 'three Node-REDs with the same fp-schedule', () => {
  const later = closing();

  it('make one job a tick, while one is killed and another gets a new interval', async () => {
    const addresses: Record<string, StoreOptions> = {
      redis: redisAddress(),
      postgres: { store: 'postgres', postgres_url: postgresUrl(sharedPostgres()) },
    };
    const stores = Object.entries(addresses).map(([name, address]) => ({
      name,
      address,
      node: queue(address),
    }));
    const ledger = join(temporaryDirectory('ticks'), 'runs.txt');
    const open = async (gateway: string) => {
      const red = new NodeRedProcess();
      const flows = stores.map(({ name, node }) =>
        prefixed(name, scheduled(node, { store: name, gateway, ledger })),
      );
      await red.prepare(withTab(flows.flat()));
      later(() => red.kill());
      await red.start();
      return red;
    };
    const runs = (store: string, from = 0) =>
      readRuns(ledger).filter((run) => run.store === store && run.due >= from);
    const untilRan = (count: number, from = Date.now()) =>
      Promise.all(stores.map(({ name }) => until(`${count} ran`, () => runs(name, from).length >= count)));

    const [killed, changed] = await Promise.all(['killed', 'changed', 'third'].map(open));
    await untilRan(5);
    await killed?.kill();
    // It may not have stored that its last job ended.
    const last = stores.map(({ name }) => runs(name).findLast(({ gateway }) => gateway === 'killed'));
    await untilRan(3);
    const again = Date.now();
    await killed?.start();
    // It answers before its flows run, and its schedule must not come after the new interval.
    const worksAgain = (name: string) =>
      runs(name).some(({ gateway, at }) => gateway === 'killed' && at > again);
    await Promise.all(stores.map(({ name }) => until('it works again', () => worksAgain(name))));
    await untilRan(5);
    for (const [index, { name }] of stores.entries()) {
      await untilOneATick(() => runs(name), SECOND, last[index]);
    }

    await changed?.deploy('nodes', (flows) =>
      flows.map((node) => (node.type === 'fp-schedule' ? { ...node, every: '2' } : node)),
    );
    await Promise.all(
      stores.map(({ address, node }) =>
        until('the new interval is stored', async () => (await intervalIn(address, node)) === 2 * SECOND),
      ),
    );
    // A job of the interval before may still be due.
    const from = Date.now() + 2 * SECOND;
    await untilRan(3, from);
    for (const { name } of stores) await untilOneATick(() => runs(name, from), 2 * SECOND);
  });
});

/** A queue, its schedule, and a worker that writes each job into the ledger. */
function scheduled(
  queueNode: FlowNode,
  where: { store: string; gateway: string; ledger: string },
): FlowNode[] {
  const { ledger, ...run } = where;
  const note = `const run = { ...${JSON.stringify(run)}, due: Date.parse(msg.executionTimestamp), at: Date.now() };
    global.get('fs').appendFileSync(${JSON.stringify(ledger)}, JSON.stringify(run) + '\\n');`;
  return [{ ...queueNode }, schedule({ times: 'every', every: '1' }), worker(['note']), fn('note', note)];
}

function readRuns(ledger: string): Run[] {
  if (!existsSync(ledger)) return [];
  const lines = readFileSync(ledger, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Run);
}

async function intervalIn(address: StoreOptions, queueNode: FlowNode): Promise<number | undefined> {
  const store = openStore(address);
  try {
    const [found] = await openInspector(store, String(queueNode['queue_name'])).schedules();
    return found?.every;
  } finally {
    await store.close();
  }
}
