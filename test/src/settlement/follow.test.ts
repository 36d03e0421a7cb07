import assert from 'node:assert/strict';
import { DeliveryTable, InterruptedError, type Delivery } from '../../../src/index.ts';

const sender = { id: 's', type: 'worker' };
const join = { id: '1', type: 'join' };
const store = { id: '2', type: 'store' };

async function outcome(delivery: Delivery): Promise<Error | undefined> {
  return delivery.settled.then(
    () => undefined,
    (error: Error) => error,
  );
}

describe('settlement: a delivery that follows another', () => {
  const table = new DeliveryTable();
  const open = () => table.open(sender);
  afterEach(() => assert.equal(table.size, 0, 'deliveries left in the table'));

  /** Returns two deliveries: the first has left the join, and follows the second, which the store holds. */
  function merged() {
    const [follower, leader] = [open(), open()];
    const hold = leader.arrive(store);
    follower.follow(leader);
    follower.finish(follower.arrive(join));
    return { follower, leader, finish: () => leader.finish(hold) };
  }

  it('settles after its leader, and names the holders of the leader until then', async () => {
    const { follower, leader, finish } = merged();
    assert.deepEqual(follower.holders(), ['store 2']);
    const ended: string[] = [];
    const both = [
      follower.settled.then(() => ended.push('follower')),
      leader.settled.then(() => ended.push('leader')),
    ];
    finish();
    await Promise.all(both);
    assert.deepEqual(ended, ['leader', 'follower']);
    assert.deepEqual(follower.holders(), []);
  });

  it('waits for its own holders, too', async () => {
    const { follower, leader, finish } = merged();
    const own = follower.arrive(join);
    finish();
    await leader.settled;
    assert.deepEqual(follower.holders(), ['join 1']);
    follower.finish(own);
    await follower.settled;
  });

  it("takes over the leader's error", async () => {
    const { follower, leader, finish } = merged();
    leader.fail(store, new Error('full'));
    finish();
    assert.equal(await outcome(follower), leader.failure);
    assert.equal(await outcome(leader), leader.failure);
  });

  it('keeps its own error, which came first', async () => {
    const { follower, leader, finish } = merged();
    follower.fail(join, new Error('own'));
    leader.fail(store, new Error('full'));
    finish();
    assert.equal((await outcome(follower))?.message, 'own');
    assert.equal((await outcome(leader))?.message, 'full');
  });

  it("takes over the leader's interruption", async () => {
    const { follower, leader, finish } = merged();
    const interruption = new InterruptedError('stopped');
    leader.fail(store, interruption);
    finish();
    assert.equal(await outcome(follower), interruption);
  });

  it('is abandoned with its leader, whatever node holds it', async () => {
    const { follower, leader } = merged();
    follower.arrive(join);
    const reason = new Error('out of time');
    leader.abandon(reason);
    assert.equal(await outcome(follower), reason);
  });

  it('can be abandoned alone', async () => {
    const { follower, leader, finish } = merged();
    const other = open();
    other.follow(leader);
    const reason = new Error('out of time');
    follower.abandon(reason);
    assert.equal(await outcome(follower), reason);
    finish();
    await Promise.all([leader.settled, other.settled]);
  });

  it('abandons its leader if it is the last follower', async () => {
    const { follower, leader } = merged();
    const other = open();
    other.follow(leader);
    const reason = new Error('out of time');
    follower.abandon(reason);
    await outcome(follower);
    assert.equal(table.find(leader.id), leader);
    other.abandon(reason);
    assert.equal(await outcome(leader), reason);
  });

  it('cannot follow a settled delivery', async () => {
    const { follower, leader, finish } = merged();
    finish();
    await leader.settled;
    await follower.settled;
    const late = open();
    late.follow(leader);
    late.finish(late.arrive(join));
    await late.settled;
  });

  it('settles at the end of a long chain, whatever the result', async () => {
    for (const end of ['finish', 'abandon', 'abandon the first'] as const) {
      const chain = Array.from({ length: 5000 }, open);
      const holds = chain.map((delivery) => delivery.arrive(join));
      chain.slice(1).forEach((leader, index) => chain[index]?.follow(leader));
      const last = holds.pop();
      for (const hold of holds) hold.delivery.finish(hold);
      assert.deepEqual(chain[0]?.holders(), ['join 1']);
      const reason = new Error('out of time');
      if (end === 'finish') last?.delivery.finish(last);
      else chain.at(end === 'abandon' ? -1 : 0)?.abandon(reason);
      const outcomes = new Set(await Promise.all(chain.map(outcome)));
      assert.deepEqual(outcomes, new Set([end === 'finish' ? undefined : reason]));
    }
  });
});
