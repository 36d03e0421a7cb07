/**
 * Breaks things while messages flow, and counts what became of each message.
 *
 *     npm run test:faults -- [--stores embedded,redis,postgres] [--qos1 N] [--qos2 N] [--faults N] [--rate N] [--seed N]
 *       [--only 'restart of the broker']
 */
import { parseArgs } from 'node:util';
import type { StoreKind } from '../../src/index.ts';
import { stopServers } from '../helpers/servers.ts';
import { runCampaign, type CampaignOptions, type Finding } from './campaign.ts';

const { values } = parseArgs({
  options: {
    stores: { type: 'string', default: 'embedded,redis,postgres' },
    qos1: { type: 'string', default: '2000' },
    qos2: { type: 'string', default: '500' },
    faults: { type: 'string', default: '6' },
    rate: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});

/** MB; the embedded store's own process is not counted. */
const MOST_MEMORY = 600;

async function main(): Promise<void> {
  const stores = values.stores.split(',') as StoreKind[];
  const common = {
    faults: Number(values.faults),
    rate: Number(values.rate),
    seed: Number(values.seed),
    ...(values.only && { only: values.only }),
  };
  let failed = 0;
  console.log(`seed ${values.seed}, Node ${process.version}`);
  console.log(
    '| store | QoS | messages | faults | lost | made two jobs | sent anew by the broker | ran again | peak MB |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const store of stores) {
    for (const [qos, messages] of [
      [1, Number(values.qos1)],
      [2, Number(values.qos2)],
    ] as const) {
      if (messages === 0) continue;
      const options: CampaignOptions = { ...common, store, qos, messages };
      const finding = await runCampaign(options);
      console.log(row(options, finding));
      for (const message of finding.sentAnew)
        console.log(`  the broker sent it anew after PUBREL: ${message}`);
      const troubles = troublesOf(options, finding);
      for (const trouble of troubles) console.log(`  ${trouble}`);
      failed += troubles.length > 0 ? 1 : 0;
    }
  }
  console.log(failed === 0 ? 'nothing lost' : `${failed} campaigns failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

function row({ store, qos }: CampaignOptions, finding: Finding): string {
  const { sent, struck, lost, doubled, sentAnew, repeatedRuns, peakMemory } = finding;
  const messages = [lost.length, doubled.length, sentAnew.length];
  const cells = [store, qos, sent, struck.length, ...messages, repeatedRuns, peakMemory];
  return `| ${cells.join(' | ')} |`;
}

function troublesOf({ qos, messages }: CampaignOptions, finding: Finding): string[] {
  const { sent, lost, doubled, traces, crashes, peakMemory, unhandled, stuck } = finding;
  const troubles: [boolean, string][] = [
    [sent !== messages, `only ${sent} of ${messages} messages were taken by the broker`],
    [lost.length > 0, `lost: ${lost.slice(0, 20).join(', ')}; ${stuck.slice(0, 20).join('; ')}`],
    [qos === 2 && doubled.length > 0, `made two jobs of: ${traces.slice(0, 20).join('; ')}`],
    [crashes > 0, `Node-RED ended by itself ${crashes} times`],
    [peakMemory > MOST_MEMORY, `Node-RED grew to ${peakMemory} MB`],
    [unhandled.length > 0, `nobody handled: ${unhandled[0]}`],
  ];
  return troubles.filter(([isTrouble]) => isTrouble).map(([, trouble]) => trouble);
}

main()
  .catch((error: Error) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => void stopServers());
