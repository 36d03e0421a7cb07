import assert from 'node:assert/strict';
import { runInNewContext } from 'node:vm';
import { DeliveryTable, NodeError, type Delivery, type DeliveryOptions } from '../../../src/index.ts';

const sender = { id: 's', type: 'worker' };
const parse = { id: '1', type: 'function', name: 'parse' };
const wait = { id: '2', type: 'delay' };
const plain = { id: 'n', type: 'function' };

async function rejection(delivery: Delivery): Promise<Error> {
  return delivery.settled.then(
    () => assert.fail('it was fulfilled'),
    (error: Error) => error,
  );
}

describe('settlement: the table of deliveries', () => {
  const table = new DeliveryTable();
  const open = (options?: DeliveryOptions) => table.open(sender, options);
  afterEach(() => assert.equal(table.size, 0, 'deliveries left in the table'));

  it('finds an open delivery by its ID only', async () => {
    const delivery = open();
    assert.equal(table.find(delivery.id), delivery);
    for (const id of ['x', undefined, null, 7, {}]) assert.equal(table.find(id), undefined);
    delivery.finish(delivery.arrive(sender));
    await delivery.settled;
    assert.equal(table.find(delivery.id), undefined);
  });

  it('gives every delivery a unique ID', () => {
    const deliveries = Array.from({ length: 100 }, () => open());
    assert.equal(new Set(deliveries.map(({ id }) => id)).size, 100);
    table.abandonAll(sender, () => new Error('enough'));
  });

  it('abandons all deliveries of one sender', async () => {
    const [mine, theirs] = [open(), table.open(parse)];
    table.abandonAll(sender, (delivery) => new Error(delivery.id));
    assert.equal((await rejection(mine)).message, mine.id);
    assert.equal(table.size, 1);
    theirs.abandon(new Error('enough'));
  });

  describe('a delivery', () => {
    it('is open while a node holds it or will get it', async () => {
      const delivery = open();
      const first = delivery.arrive(sender);
      delivery.expect(parse);
      delivery.finish(first);
      assert.deepEqual(delivery.holders(), ['parse (function)']);
      const second = delivery.arrive(parse);
      assert.deepEqual(delivery.holders(), ['parse (function)']);
      delivery.finish(second);
      assert.deepEqual(delivery.holders(), []);
      await delivery.settled;
    });

    it('accepts an arrival without a preceding expect', async () => {
      const delivery = open();
      const hold = delivery.arrive(wait);
      assert.deepEqual(delivery.holders(), ['delay 2']);
      delivery.finish(hold);
      await delivery.settled;
    });

    it('counts arrivals: the same holder may have it twice', async () => {
      const delivery = open();
      delivery.expect(wait);
      delivery.expect(wait);
      const [first, second] = [delivery.arrive(wait), delivery.arrive(wait)];
      delivery.finish(first);
      delivery.finish(first);
      assert.deepEqual(delivery.holders(), ['delay 2']);
      delivery.finish(second);
      await delivery.settled;
    });

    it('can finish any one of the messages of a holder', async () => {
      const delivery = open();
      delivery.arrive(parse);
      delivery.arrive(wait);
      delivery.finishAny(wait);
      delivery.finishAny(wait);
      assert.deepEqual(delivery.holders(), ['parse (function)']);
      delivery.finishAny(parse);
      await delivery.settled;
    });

    it('stays open if another node gets it right after the last one finished', async () => {
      const delivery = open();
      delivery.finish(delivery.arrive(parse));
      const late = delivery.arrive(wait);
      await new Promise((resolve) => setTimeout(resolve, 5));
      assert.equal(table.size, 1);
      delivery.finish(late);
      await delivery.settled;
    });

    it('is rejected with the first error when all have finished', async () => {
      const delivery = open();
      const [first, second] = [delivery.arrive(parse), delivery.arrive(wait)];
      delivery.fail(parse, new Error('boom'));
      delivery.finish(first);
      delivery.fail(wait, new Error('second'));
      assert.equal(delivery.failure?.message, 'boom');
      assert.deepEqual(delivery.holders(), ['delay 2']);
      delivery.finish(second);
      assert.equal(await rejection(delivery), delivery.failure);
    });

    it('ignores caught errors only with leaveCaughtErrors', async () => {
      for (const leaveCaughtErrors of [true, false]) {
        const delivery = open({ leaveCaughtErrors });
        const hold = delivery.arrive(parse);
        delivery.fail(parse, 'boom');
        delivery.fail(parse, 'boom');
        delivery.caught();
        delivery.caught();
        delivery.finish(hold);
        if (leaveCaughtErrors) await delivery.settled;
        else assert.equal((await rejection(delivery)).message, 'boom');
      }
    });

    it('that is abandoned settles immediately, and ignores later events', async () => {
      const delivery = open();
      const hold = delivery.arrive(parse);
      const reason = new Error('enough');
      delivery.abandon(reason);
      assert.equal(table.size, 0);
      delivery.finish(hold);
      delivery.abandon(new Error('again'));
      assert.equal(await rejection(delivery), reason);
    });
  });

  it('is independent of thousands of others', async () => {
    const deliveries = Array.from({ length: 10_000 }, () => open());
    const holds = deliveries.map((delivery) => delivery.arrive(parse));
    for (const { delivery, holder } of holds.slice(0, 5000)) delivery.fail(holder, 'boom');
    for (const hold of holds) hold.delivery.finish(hold);
    const results = await Promise.allSettled(deliveries.map(({ settled }) => settled));
    assert.ok(results.slice(0, 5000).every(({ status }) => status === 'rejected'));
    assert.ok(results.slice(5000).every(({ status }) => status === 'fulfilled'));
  });
});

describe('settlement: the error that rejects a delivery', () => {
  it('has the message and stack of the reported error, and the name of the node', () => {
    const cause = new TypeError('boom');
    const error = new NodeError(parse, cause);
    assert.ok(error instanceof Error);
    assert.equal(error.message, 'boom');
    assert.equal(error.stack, cause.stack);
    assert.equal(error.node, 'parse (function)');
    assert.equal(error.cause, cause);
  });

  it('accepts an Error of another realm', () => {
    const error = new NodeError(parse, runInNewContext('new Error("boom")'));
    assert.equal(error.message, 'boom');
    assert.match(error.stack ?? '', /evalmachine/);
  });

  it('makes a message from a string, an object or undefined', () => {
    assert.equal(new NodeError(plain, 'boom').message, 'boom');
    assert.equal(new NodeError(plain, 'boom').stack, 'NodeError: boom\n    at function n');
    assert.equal(new NodeError(plain, { code: 7 }).message, '{ code: 7 }');
    assert.equal(new NodeError(plain, true).message, 'true');
    assert.equal(new NodeError(plain, '').message, 'an error without a message');
  });
});
