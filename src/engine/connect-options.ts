import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { MqttValues, ProjectValues, QueueValues } from '../config/config-file.ts';
import { MACHINE_FILE, machineId } from '../mqtt/machine-id.ts';
import type { BrokerOptions, BrokerTls } from '../mqtt/options.ts';
import { usesTls } from '../options/mqtt.ts';
import type { ProjectOptions } from '../project/project.ts';
import type { RqOptions } from '../queue/rq/rq-options.ts';
import type { StoreOptions } from '../queue/store/store-options.ts';

/** Default user directory: that of Node-RED. */
export const DEFAULT_USER_DIR = join(homedir(), '.node-red');

/** The file of a gateway, and the directory with its stores and sessions. */
export interface GatewayPlace {
  file: string;
  userDir: string;
}

/** Returns the broker options of a file. If the client ID is empty, makes one from the machine and the file. */
export function brokerOptionsOf(mqtt: MqttValues, { file, userDir }: GatewayPlace): Partial<BrokerOptions> {
  const { client_id, tls_ca, tls_cert, tls_key, tls_servername, tls_verify, ...others } = mqtt;
  const isTls = usesTls({ tls_ca, tls_cert, tls_key, tls_servername, tls_verify });
  const fileMark = createHash('sha256').update(resolve(file)).digest('hex').slice(0, 8);
  return {
    ...others,
    client_id: client_id || `fp-mqtt-${machineId(join(userDir, MACHINE_FILE))}-${fileMark}`,
    ...(isTls && { tls: tlsOf(mqtt) }),
  };
}

function tlsOf({ tls_ca, tls_cert, tls_key, tls_servername, tls_verify }: MqttValues): BrokerTls {
  return {
    ...(tls_ca && { ca: readFileSync(tls_ca) }),
    ...(tls_cert && { cert: readFileSync(tls_cert) }),
    ...(tls_key && { key: readFileSync(tls_key) }),
    ...(tls_servername && { servername: tls_servername }),
    rejectUnauthorized: tls_verify,
  };
}

/** Returns the store options of a file. The path of an embedded store is relative to `userDir`, as in Node-RED. */
export function storeOptionsOf(queue: QueueValues, userDir: string): StoreOptions | RqOptions {
  const { store, redis_url, prefix, postgres_url, schema, directory, username, password } = queue;
  const login = { ...(username && { username }), ...(password && { password }) };
  switch (store) {
    case 'embedded':
      return { store, directory: resolve(userDir, directory || 'flowerpower') };
    case 'redis':
      return queue.workers === 'python'
        ? { store: 'rq', redis_url, ...login }
        : { store, redis_url, prefix, ...login };
    case 'postgres':
      return { store, postgres_url, schema, ...login };
  }
}

/** Returns the project options of a file; its paths are relative to `folder`. */
export function projectOptionsOf(project: ProjectValues, folder: string): ProjectOptions {
  const { base_dir, python, timeout, ...others } = project;
  return {
    ...others,
    base_dir: resolve(folder, base_dir),
    // A name without a slash is a program on the PATH.
    python: /[/\\]/.test(python) ? resolve(folder, python) : python,
    timeout: timeout * 1000,
  };
}
