import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, program, startServer, temporaryDirectory, type Server } from './servers.ts';

export const prometheusProgram = program('prometheus');

/** Starts a Prometheus that scrapes `url` every second. */
export async function startPrometheus(url: string): Promise<Server> {
  const port = await freePort();
  const directory = temporaryDirectory('prometheus');
  const config = join(directory, 'prometheus.yml');
  const { host, pathname } = new URL(url);
  writeFileSync(
    config,
    `scrape_configs:
  - job_name: node-red
    scrape_interval: 1s
    scrape_timeout: 1s
    metrics_path: ${pathname}
    static_configs: [{ targets: ['${host}'] }]
`,
  );
  const args = [`--config.file=${config}`, `--storage.tsdb.path=${join(directory, 'data')}`];
  const listen = `--web.listen-address=127.0.0.1:${port}`;
  return startServer({
    command: prometheusProgram ?? 'prometheus',
    args: [...args, listen, '--log.level=warn'],
    port,
    directory,
  });
}

/** Runs promtool; throws with its output if it finds a mistake. */
export function promtool(args: string[], input = ''): string {
  return execFileSync(program('promtool') ?? 'promtool', args, { encoding: 'utf8', input });
}
