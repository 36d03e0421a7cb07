/** Inspection behaves the same on every store. The tests of a store share a connection; each has its own queue. */
import type { QueueOptions } from '../../../../src/queue/options.ts';
import type { StoreOptions } from '../../../../src/queue/store/store-options.ts';
import { openStore, type Store } from '../../../../src/queue/store/store.ts';
import { closeBenches, openBench, type Bench } from '../../../helpers/queue-bench.ts';
import { describeStores } from '../../../helpers/stores.ts';
import { changes } from './changes.ts';
import { deadLetters } from './dead-letters.ts';
import { details } from './details.ts';
import { history } from './history.ts';
import { lists } from './lists.ts';
import { workers } from './workers.ts';

/** Benches for the parts of the suite: on the shared store, or on a new one. */
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
  describe('of dead letters', () => deadLetters(benches));
  describe('of the history', () => history(benches));
  describe('of workers', () => workers(benches));
});
