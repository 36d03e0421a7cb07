/**
 * Breaks things while messages flow, and counts what became of each message.
 *
 *     npm run test:faults -- [--stores embedded,redis,postgres] [--qos1 N] [--qos2 N] [--faults N] [--seed N]
 *       [--broker mosquitto|hivemq] [--mqtt 3.1.1,5] [--rate N | --duration SECONDS] [--at-once N]
 *       [--only 'restart of the broker,kill -9 of Node-RED']
 *
 * Messages go out at a rate, or are spread over a campaign's duration; which may take longer, as a fault's effects are
 * waited for.
 */
import { parseArgs } from 'node:util';
import type { StoreKind } from '../../src/index.ts';
import { stopServers } from '../helpers/servers.ts';
import { brokers, type BrokerName } from './brokers.ts';
import { runCampaign, type CampaignOptions } from './campaign.ts';
import { LEAST_SHARE } from './strikes.ts';
import { head, rowOf, troublesOf } from './table.ts';

const { values } = parseArgs({
  options: {
    stores: { type: 'string', default: 'embedded,redis,postgres' },
    broker: { type: 'string', default: 'mosquitto' },
    mqtt: { type: 'string', default: '3.1.1' },
    qos1: { type: 'string', default: '2000' },
    qos2: { type: 'string', default: '500' },
    faults: { type: 'string', default: '6' },
    rate: { type: 'string', default: '200' },
    duration: { type: 'string' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    'at-once': { type: 'string', default: '1' },
  },
});

async function main(): Promise<void> {
  console.log(`seed ${values.seed}, Node ${process.version}`);
  console.log(head());
  const left = campaigns();
  const failed: CampaignOptions[] = [];
  const runSome = async () => {
    for (let next = left.shift(); next; next = left.shift()) if (!(await succeeds(next))) failed.push(next);
  };
  await Promise.all(Array.from({ length: Number(values['at-once']) }, runSome));
  console.log(failed.length === 0 ? 'nothing lost' : `${failed.length} campaigns failed`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

function campaigns(): CampaignOptions[] {
  const faults = Number(values.faults);
  const amounts = [
    [1, Number(values.qos1)],
    [2, Number(values.qos2)],
  ] as const;
  const wanted = amounts.filter(([, messages]) => messages > 0);
  if (wanted.some(([, messages]) => messages < faults * LEAST_SHARE))
    throw new Error(`each fault needs ${LEAST_SHARE} messages`);
  const stores = values.stores.split(',') as StoreKind[];
  const protocols = values.mqtt.split(',').map((version) => (version === '5' ? 5 : 4));
  const kinds = stores.flatMap((store) => protocols.map((protocol) => ({ store, protocol }) as const));
  return kinds.flatMap((kind) =>
    wanted.map(([qos, messages]) => ({
      ...kind,
      broker: brokerNamed(values.broker),
      qos,
      messages,
      faults,
      rate: values.duration ? messages / Number(values.duration) : Number(values.rate),
      seed: Number(values.seed),
      ...(values.only && { only: values.only.split(',') }),
    })),
  );
}

function brokerNamed(name: string): BrokerName {
  if (name in brokers) return name as BrokerName;
  throw new Error(`no broker "${name}": choose ${Object.keys(brokers).join(' or ')}`);
}

async function succeeds(options: CampaignOptions): Promise<boolean> {
  try {
    const finding = await runCampaign(options);
    const anew = finding.sentAnew.map((message) => `the broker sent it anew after PUBREL: ${message}`);
    const troubles = troublesOf(options, finding);
    console.log([rowOf(options, finding), ...anew, ...troubles].join('\n  '));
    return troubles.length === 0;
  } catch (error) {
    console.log(`${options.store}, QoS ${options.qos}: the campaign could not be run`, error);
    return false;
  }
}

main()
  .catch((error: Error) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => void stopServers());
