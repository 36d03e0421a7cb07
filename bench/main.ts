/** `npm run bench`: prints ratios measured in one run; the rows describe the comparisons. */
import { parseArgs } from 'node:util';
import { stopServers } from '../test/helpers/servers.ts';
import { rows } from './rows.ts';
import { printTable } from './table.ts';
import type { Measured } from './measured.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, profile: { type: 'string' }, long: { type: 'boolean' } },
  });
  const chosen = rows.filter(({ name }) => values.only === undefined || name === values.only);
  if (chosen.length === 0) throw new Error(`--only takes one of ${rows.map(({ name }) => name).join(', ')}`);
  const measured: Measured[] = [];
  for (const row of chosen) {
    console.error(`measuring ${row.name} ...`);
    try {
      measured.push(...(await row.run({ profile: values.profile, isLong: values.long ?? false })));
    } catch (error) {
      process.exitCode = 1;
      console.error(`${row.name} could not be measured: ${(error as Error).message}`);
    }
  }
  printTable(measured);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stopServers().finally(() => process.exit(1)));
}

main()
  .catch((error: Error) => {
    process.exitCode = 1;
    console.error(error.message);
  })
  .finally(() => void stopServers());
