/** Inspection behaves alike on every store. All tests of a store share one connection and have a queue of their own. */
import type { QueueOptions } from '../../../../src/queue/options.ts';
import type { StoreOptions } from '../../../../src/queue/store/store-options.ts';
import { openStore, type Store } from '../../../../src/queue/store/store.ts';
import { closeBenches, openBench, type Bench } from '../../../helpers/queue-bench.ts';
import { describeStores } from '../../../helpers/stores.ts';
import { changes } from './changes.ts';
import { details } from './details.ts';
import { lists } from './lists.ts';
import { workers } from './workers.ts';

/** What the parts of the suite get: a bench on the shared store, or on a store of its own. */
export interface Benches {
  open(queue?: Partial<QueueOptions>): Bench;
  openApart(queue?: Partial<QueueOptions>): Bench;
}

describeStores('inspection', (address) => {
  let options: StoreOptions;
  let store: Store;

  before(async function () {
    options = await address();
    store = openStore(options, { countsFor: 0 });
  });
  afterEach(closeBenches);
  after(() => store.close());

  const benches: Benches = {
    open: (queue = {}) => openBench(options, { store, queue }),
    openApart: (queue = {}) => openBench(options, { queue }),
  };
  describe('of a queue and a job', () => details(benches));
  describe('of lists', () => lists(benches));
  describe('changes', () => changes(benches));
  describe('of workers', () => workers(benches));
});
