/** Defines suites that need a server: they are skipped, with one line, if it is not installed. */
import { opensslProgram } from './certificate.ts';
import { hivemqJars } from './hivemq.ts';
import { mosquittoProgram } from './mosquitto.ts';
import { flowerpowerPython, listenerPython, oldFlowerpowerPython, oldRqPython } from './python.ts';
import { postgresProgram } from './postgres.ts';
import { prometheusProgram } from './prometheus.ts';
import { redisProgram } from './redis.ts';
import { note } from './run-notes.ts';
import { program } from './servers.ts';

/** The headless shell comes first, because it loads a page with less CPU time. */
export const chromiumProgram = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome']
  .map((name) => program(name))
  .find((path) => path !== undefined);

const programs = {
  mosquitto: { path: mosquittoProgram, install: 'apt-get install mosquitto' },
  hivemq: {
    path: hivemqJars,
    install:
      'apt-get install maven default-jdk-headless, then mvn -q -f test/hivemq dependency:copy-dependencies',
  },
  redis: { path: redisProgram, install: 'apt-get install redis-server' },
  postgres: { path: postgresProgram, install: 'apt-get install postgresql' },
  openssl: { path: opensslProgram, install: 'apt-get install openssl' },
  flowerpower: {
    path: flowerpowerPython,
    install: 'python3 -m venv .venv && .venv/bin/pip install -r test/requirements.txt',
  },
  'flowerpower 0.20': {
    path: oldFlowerpowerPython,
    install: 'python3 -m venv .venv-0.20 && .venv-0.20/bin/pip install flowerpower==0.20.0',
  },
  'flowerpower-mqtt': {
    path: listenerPython,
    install: '.venv-0.20/bin/pip install flowerpower[rq]==0.20.0 flowerpower-mqtt==0.2.2',
  },
  'rq 1.16': {
    path: oldRqPython,
    install: "python3 -m venv .venv-rq-1.16 && .venv-rq-1.16/bin/pip install 'rq==1.16.2'",
  },
  prometheus: { path: prometheusProgram, install: 'apt-get install prometheus' },
  chromium: { path: chromiumProgram, install: 'apt-get install chromium' },
};

export type ServerName = keyof typeof programs;

export function isInstalled(server: ServerName): boolean {
  return programs[server].path !== undefined;
}

/** Like `describe`, for a suite that needs `servers`. With FP_REQUIRE_ALL=1 a missing server is a failure. */
export function describeWith(servers: ServerName[], title: string, suite: (this: Mocha.Suite) => void): void {
  const missing = servers.filter((server) => !isInstalled(server));
  if (missing.length === 0) {
    describe(title, suite);
    return;
  }
  const line = `left out: ${title} (${missing.map((name) => programs[name].install).join('; ')})`;
  if (process.env['FP_REQUIRE_ALL'] === '1') throw new Error(line);
  note('left-out', line);
}
