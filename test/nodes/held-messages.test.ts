import assert from 'node:assert/strict';
import { describeGateway } from '../helpers/describe-gateway.ts';
import { n, sink, subscribe } from '../helpers/flow.ts';
import { untilStatus } from '../helpers/node-red.ts';
import { probe } from '../helpers/test-nodes.ts';

describeGateway('a message that no node finishes with', (gateway) => {
  const flow = (timeout: string) => [
    gateway.session,
    subscribe(`${gateway.topic}/never`, ['never'], { qos: '1', execution_mode: 'async', timeout }),
    { ...subscribe(`${gateway.topic}/fine`, ['fine'], { qos: '1' }), id: 'other' },
    n('never', 'test-never-done'),
    sink('fine'),
    n('catch', 'catch', ['caught'], { scope: null }),
    sink('caught'),
  ];

  it('is shown on each subscription whose acknowledgements it holds up', async () => {
    await gateway.red.deploy(flow('300'));
    await untilStatus(gateway.red, 'other', '0 received');
    await gateway.client.publishAsync(`${gateway.topic}/never`, '1', { qos: 1 });
    await untilStatus(gateway.red, 'subscribe', '1 held by never, 1 received');
    await untilStatus(gateway.red, 'other', /^held up by never/);
    assert.equal(gateway.red.status('other').fill, 'yellow');
  });

  it('ends by its timeout on the way to a queue, too, and Catch gets it', async () => {
    const caught = probe('caught');
    await gateway.red.deploy(flow('3'));
    await untilStatus(gateway.red, 'subscribe', '0 received');
    await gateway.client.publishAsync(`${gateway.topic}/never`, '1', { qos: 1 });
    const [msg] = await caught.got(1);
    assert.match((msg['error'] as Error).message, /longer than 3 s; still held by never/);
  });
});

describeGateway('fp-subscribe that is deployed with another name only', (gateway) => {
  it('goes on to show that it is subscribed', async () => {
    for (const name of ['old', 'new']) {
      await gateway.red.deploy(
        [gateway.session, subscribe(gateway.topic, ['seen'], { name }), sink('seen')],
        'nodes',
      );
      await untilStatus(gateway.red, 'subscribe', '0 received');
    }
  });
});

describeGateway('a deploy that has to wait', (gateway) => {
  const flow = (name: string) => [
    gateway.session,
    subscribe(gateway.topic, ['slow'], { qos: '1', name }),
    sink('slow', ['seen']),
    sink('seen'),
  ];

  it('shows and logs which node it waits for', async () => {
    const slow = probe('slow', { holds: true });
    await gateway.red.deploy(flow('old'));
    await untilStatus(gateway.red, 'subscribe', '0 received');
    await gateway.publish(1);
    await slow.got(1);
    const deployed = gateway.red.deploy(flow('new'), 'nodes');
    await untilStatus(gateway.red, 'subscribe', 'stops after slow');
    slow.held.pop()?.done();
    await deployed;
  });
});
