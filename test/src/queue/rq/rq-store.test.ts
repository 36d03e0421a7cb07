import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readPickle } from '../../../../src/payload/pickle/pickle.ts';
import { inspectRq } from '../../../../src/queue/rq/inspect/inspect-rq.ts';
import { openRqProducer } from '../../../../src/queue/rq/rq-producer.ts';
import { openRqStore } from '../../../../src/queue/rq/rq-store.ts';
import { selfSigned } from '../../../helpers/certificate.ts';
import { closing } from '../../../helpers/closing.ts';
import { job } from '../../../helpers/queue-bench.ts';
import { startRedis } from '../../../helpers/redis.ts';
import { describeWith } from '../../../helpers/requires.ts';
import { freePort } from '../../../helpers/servers.ts';
import { unique } from '../../../helpers/unique.ts';
import { until } from '../../../helpers/until.ts';

describeWith(['redis', 'openssl'], 'a store of RQ over TLS', function () {
  const later = closing();

  it('gets jobs from who knows its certificate, and tells others that it does not', async () => {
    const { key, cert } = selfSigned();
    const port = await freePort();
    const files = ['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', cert];
    const server = await startRedis({
      args: ['--tls-port', `${port}`, ...files, '--tls-auth-clients', 'no'],
    });
    later(() => server.stop());
    const address = { store: 'rq', redis_url: `rediss://127.0.0.1:${port}` } as const;

    const stranger = openRqStore(address);
    later(() => stranger.close());
    await until('it has failed', () => stranger.connection().state === 'failed');
    assert.match(JSON.stringify(stranger.connection()), /self-signed certificate/);

    const store = openRqStore({ ...address, redis_options: { tls: { ca: readFileSync(cert, 'utf8') } } });
    later(() => store.close());
    const queue_name = unique('queue');
    const producer = openRqProducer(store, { queue_name });
    later(() => producer.close(0));
    const { id } = await producer.add(job(1));
    const { rows } = await inspectRq(store, { queue_name, readPickle }).list({ state: 'waiting' });
    assert.deepEqual(
      rows.map((row) => row.id),
      [id],
    );
  });
});
