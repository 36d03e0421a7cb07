import assert from 'node:assert/strict';
import { config, node } from './notation.ts';
import { sharedMosquitto } from '../../helpers/mosquitto.ts';
import { startNodeRed, type NodeRed } from './start.ts';
import { describeWith } from '../../helpers/requires.ts';
import { freePort } from '../../helpers/servers.ts';
import { unique } from '../../helpers/unique.ts';
import { until } from '../../helpers/until.ts';
import { fn, outcome, sourceFlow, testNodes, type End, type Source } from './wiring.ts';

describe('settlement: an http request', () => {
  let red: NodeRed;
  const source = () => red.node('source') as Source;
  const end = () => red.node('end') as End;
  const request = (senderr: boolean) => node('http request', { method: 'GET', ret: 'txt', senderr }, 'end');
  before(async () => {
    red = await startNodeRed({ nodes: testNodes });
  });
  after(() => red.stop());

  it('settles when the response has been handled', async () => {
    await red.deploy(
      sourceFlow({
        a: request(false),
        b: node('http in', { url: '/slow', method: 'get' }, 'c'),
        c: fn('await new Promise((r) => setTimeout(r, 10)); return msg;', 'd'),
        d: node('http response', { statusCode: '200' }),
      }),
    );
    assert.equal(await outcome(source().deliver({ url: `${red.url}/slow` })), undefined);
    assert.equal(end().finished, 1);
  });

  it('that is refused is rejected when the following nodes have finished', async () => {
    await red.deploy(sourceFlow({ a: request(false) }));
    const error = await outcome(source().deliver({ url: `http://127.0.0.1:${await freePort()}/` }));
    assert.match(error?.message ?? '', /ECONNREFUSED/);
    assert.equal(end().finished, 1);
  });

  it('that is refused is also rejected when its errors go to Catch nodes only', async () => {
    await red.deploy(sourceFlow({ a: request(true) }));
    const error = await outcome(source().deliver({ url: `http://127.0.0.1:${await freePort()}/` }));
    assert.match(error?.message ?? '', /ECONNREFUSED/);
    assert.equal(end().finished, 0);
  });
});

describeWith(['mosquitto'], 'settlement: mqtt out', () => {
  let red: NodeRed;
  before(async () => {
    red = await startNodeRed({ nodes: testNodes });
  });
  after(() => red.stop());

  const publishTo = (port: number) =>
    sourceFlow({
      a: node('mqtt out', { topic: unique('topic'), qos: '1', broker: 'broker' }),
      broker: config('mqtt-broker', {
        broker: '127.0.0.1',
        port: `${port}`,
        protocolVersion: '4',
        keepalive: '60',
      }),
    });

  it('settles when the broker has the message', async () => {
    await red.deploy(publishTo(sharedMosquitto().port));
    await until('connected', () => (red.node('broker') as unknown as { connected: boolean }).connected);
    assert.equal(await outcome((red.node('source') as Source).deliver({ payload: 'x' })), undefined);
  });

  it('holds the delivery forever if it is not connected: it drops the message silently', async () => {
    await red.deploy(publishTo(await freePort()));
    const delivery = (red.node('source') as Source).deliver({ payload: 'x' });
    await until('it is held', () => delivery.holders().join() === 'mqtt out a');
  });
});
