import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { keepaliveTimer } from '../../../src/mqtt/keepalive-timer.ts';
import { closing } from '../../helpers/closing.ts';
import { standStill } from '../../helpers/stand-still.ts';
import { until } from '../../helpers/until.ts';

describe('the timer of the keepalive', () => {
  const later = closing();

  it('ticks after what came while this process stood still was read', async () => {
    const server = createServer();
    later(() => server.close());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    later(() => socket.destroy());
    const [peer] = (await once(server, 'connection')) as [Socket];
    later(() => peer.destroy());
    const seen: string[] = [];
    socket.on('data', () => seen.push('answer'));
    const timer = keepaliveTimer.set(() => seen.push('tick'), 50);
    later(() => keepaliveTimer.clear(timer));
    peer.write('answer');
    standStill(200);
    await until('it ticks', () => seen.includes('tick'));
    assert.deepEqual(seen.slice(0, 2), ['answer', 'tick']);
  });
});
