import assert from 'node:assert/strict';
import type { Message } from '../../../src/index.ts';
import { closing } from '../../helpers/closing.ts';
import { startHivemq } from '../../helpers/hivemq.ts';
import { areAnswered, manualSubscriber } from '../../helpers/manual-subscriber.ts';
import { openProxy } from '../../helpers/proxy.ts';
import { publisher } from '../../helpers/publisher.ts';
import { openReporting } from '../../helpers/reporting-broker.ts';
import { describeWith } from '../../helpers/requires.ts';
import type { Server } from '../../helpers/servers.ts';
import { unique } from '../../helpers/unique.ts';
import { until } from '../../helpers/until.ts';

const MESSAGES = 60;
const CUTS = 3;

describeWith(['hivemq'], 'HiveMQ', () => {
  const later = closing();
  let server: Server;

  before(async () => {
    server = await startHivemq();
  });
  after(() => server.stop());

  for (const protocol of [4, 5] as const) {
    for (const qos of [1, 2] as const) {
      it(`keeps every message of QoS ${qos} while the connection is cut, protocol ${protocol}`, async () => {
        const topic = unique('topic');
        const proxy = await openProxy(() => server.port);
        later(() => proxy.close());
        const { broker, states } = openReporting(proxy, { protocol, clean_session: false });
        later(() => broker.close());
        const received = [0, 1].map((): string[] => []);
        const subscribers = received.map((texts, index) =>
          manualSubscriber({
            filter: index === 0 ? `${topic}/#` : `${topic}/+`,
            qos,
            receive: async ({ payload }: Message) => {
              await new Promise((resolve) => setTimeout(resolve, 20));
              texts.push(payload.toString());
            },
          }),
        );
        for (const subscriber of subscribers) broker.subscribe(subscriber);
        broker.connect();
        await until('answered', areAnswered(...subscribers));
        const client = await publisher(server);
        later(() => client.endAsync(true));
        const connections = () => states().filter((state) => state === 'connected').length;
        for (let cut = 1; cut <= CUTS; cut++) {
          const published = Array.from({ length: MESSAGES }, (_, i) =>
            client.publishAsync(`${topic}/x`, `${cut} ${i}`, { qos }),
          );
          await published[MESSAGES / 2];
          proxy.cut();
          await Promise.all(published);
          await until('connected again', () => connections() > cut);
        }
        for (const texts of received) {
          await until('all came', () => new Set(texts).size === CUTS * MESSAGES);
          if (qos === 2) assert.equal(texts.length, CUTS * MESSAGES, 'none came twice');
        }
        await until('settled', () => broker.counts.unsettled === 0);
      });
    }
  }
});
