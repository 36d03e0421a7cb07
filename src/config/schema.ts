/** Every key of `mqtt_config.yml`: its type, its default, and what it is for. `docs/yaml.md` is made from this. */
import { sharedBrokerDefaults } from '../broker-defaults.ts';
import type { Section, Value } from './config.ts';
import { isVariable } from '../variable.ts';
import { usesTls } from './uses-tls.ts';

export interface Key {
  type: 'text' | 'number' | 'flag';
  /** null: nothing. */
  default: Value;
  /** The default where it depends on what else the section says. */
  defaultFor?: (said: Section) => Value;
  about: string;
  required?: true;
  /** Another key of the section, and what that is when this one has to be there. */
  requiredBy?: [key: string, value: Value];
  /** flowerpower-mqtt does not know it. */
  ours?: true;
}

export type Keys = Record<string, Key>;

const text = (about: string, fallback: string | null = null): Key => ({
  type: 'text',
  default: fallback,
  about,
});
const number = (about: string, fallback: number | null): Key => ({
  type: 'number',
  default: fallback,
  about,
});
const flag = (about: string, fallback: boolean): Key => ({ type: 'flag', default: fallback, about });
const required = (key: Key): Key => ({ ...key, required: true });
const ours = (key: Key): Key => ({ ...key, ours: true });
const forProtobuf = (key: Key): Key => ({
  ...ours(key),
  requiredBy: ['deserialization_format', 'protobuf'],
});

/** What flowerpower-mqtt takes. */
const PORT = 1883;

/** Null is the port of the scheme, which is not known here: a variable may hold one. */
function portFor(said: Section): Value {
  const broker = String(said['broker'] ?? '');
  return broker.includes('://') || isVariable(broker) || usesTls(said) ? null : PORT;
}

export const mqtt: Keys = {
  broker: text('host name, or an address with `mqtt://`, `mqtts://`, `ws://` or `wss://`', 'localhost'),
  port: {
    ...number('1 to 65535; with TLS the default is 8883, with `ws://` 80, with `wss://` 443', PORT),
    defaultFor: portFor,
  },
  keepalive: number('seconds, 0 to 65535', sharedBrokerDefaults.keepalive),
  client_id: text('the name of the session; empty: one for this node of this Node-RED'),
  clean_session: flag('true: the broker forgets the session when the connection ends', true),
  username: text('becomes a credential'),
  password: text('becomes a credential'),
  reconnect_retries: number(
    'how often the first connection is tried again, until a deploy or restart; empty: without end',
    null,
  ),
  reconnect_delay: number(
    'seconds before the first try, twice as long each time',
    sharedBrokerDefaults.reconnect_delay,
  ),
  protocol: ours(number('4 for MQTT 3.1.1, or 5', 4)),
  window: ours(
    number('messages that may be under way at the same time, 1 to 65535', sharedBrokerDefaults.window),
  ),
  qos0_buffer: ours(
    number('QoS 0 messages that may wait for a subscription, 0 to 1000000', sharedBrokerDefaults.qos0_buffer),
  ),
  qos0_drop: ours(
    text('which of them goes when one more comes: `oldest` or `newest`', sharedBrokerDefaults.qos0_drop),
  ),
  tls_ca: ours(text('file with the trusted CA certificates; use `mqtts://` to turn TLS on')),
  tls_cert: ours(text('file with the client certificate')),
  tls_key: ours(text('file with the private key of that certificate')),
  tls_servername: ours(text('name that the server must have')),
  tls_verify: ours(flag('check the certificate of the server', true)),
};

export const subscription: Keys = {
  topic: required(text('topic filter, with `+` and `#`')),
  pipeline: required(text('name of the pipeline')),
  qos: number('0, 1 or 2', 0),
  execution_mode: text('`sync`, `async` or `mixed`', 'sync'),
  deserialization_format: text(
    '`auto`, `json`, `yaml`, `msgpack`, `pickle`, `protobuf`, `pyarrow`, `text` or `buffer`',
    'auto',
  ),
  proto_file: forProtobuf(text('.proto file, for the format protobuf')),
  proto_message: forProtobuf(text('name of the message in it')),
  max_payload: ours(number('KiB, 1 to 262144', 1024)),
};

export const jobQueue: Keys = {
  enabled: flag('false: every message runs immediately', false),
  type: text('`rq` or `bullmq`; both run in Node-RED', 'rq'),
  redis_url: text(
    '`redis://` or `rediss://`; user and password become credentials',
    'redis://localhost:6379',
  ),
  queue_name: text('letters, digits, dots, hyphens and underscores', 'mqtt_pipelines'),
  worker_count: number('jobs at the same time, 1 to 1000', 4),
  max_retries: number('how often a failed job is tried again, 0 to 1000', 3),
  store: ours(text('`redis`, `postgres`, or `embedded` (no server)', 'redis')),
  postgres_url: ours(text('`postgres://host:port/database`', 'postgres://localhost:5432/postgres')),
  directory: ours(text('of the embedded store; empty: `flowerpower` in the user directory')),
  username: ours(text('of Redis or PostgreSQL; becomes a credential')),
  password: ours(text('of Redis or PostgreSQL; becomes a credential')),
  prefix: ours(text('prefix of the keys in Redis', 'bull')),
  schema: ours(text('in PostgreSQL', 'bullmq')),
  backoff: ours(text('`exponential` or `fixed`', 'exponential')),
  backoff_delay: ours(number('seconds before the first retry', 1)),
  keep_completed: ours(number('completed jobs that are kept', 1000)),
  keep_failed: ours(number('dead letters that are kept', 5000)),
  timeout: ours(number('seconds that a job may take; 0: no limit', 300)),
};

export const project: Keys = {
  base_dir: text('folder with `pipelines/` and `conf/`; relative to the user directory', '.'),
  log_level: text('`DEBUG`, `INFO`, `WARNING`, `ERROR` or `CRITICAL`', 'INFO'),
};

/** A section with the defaults where it says nothing. */
export function withDefaults(said: Section, keys: Keys): Section {
  const entries = Object.entries(keys).map(([name, key]) => {
    return [name, said[name] ?? (key.defaultFor ? key.defaultFor(said) : key.default)] as const;
  });
  return Object.fromEntries(entries);
}
