import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, program, startServer, temporaryDirectory, type Server } from './servers.ts';

const java = program('java');
const root = join(__dirname, '../../..');
const jars = join(root, '.hivemq');

/** The folder with the jars of HiveMQ Community Edition, if it and Java are there. */
export const hivemqJars = java && existsSync(jars) ? jars : undefined;

/** Starts HiveMQ, which keeps its sessions and messages in its directory. */
export async function startHivemq(earlier: { port?: number; directory?: string } = {}): Promise<Server> {
  const port = earlier.port ?? (await freePort());
  const directory = earlier.directory ?? temporaryDirectory('hivemq');
  mkdirSync(join(directory, 'conf'), { recursive: true });
  writeFileSync(join(directory, 'conf', 'config.xml'), configFor(port));
  const options = ['-Xmx512m', '-XX:TieredStopAtLevel=1', '-cp', join(jars, '*')];
  const args = [...options, join(root, 'test/hivemq/Broker.java'), directory];
  return startServer({ command: java ?? 'java', args, port, directory, timeToStop: 30_000 });
}

/** By default HiveMQ drops what exceeds 1,000 messages of a client. */
function configFor(port: number): string {
  return `<?xml version="1.0"?>
<hivemq>
  <listeners><tcp-listener><port>${port}</port><bind-address>127.0.0.1</bind-address></tcp-listener></listeners>
  <mqtt><queued-messages><max-queue-size>1000000</max-queue-size></queued-messages></mqtt>
  <persistence><mode>file</mode></persistence>
  <anonymous-usage-statistics><enabled>false</enabled></anonymous-usage-statistics>
</hivemq>
`;
}
