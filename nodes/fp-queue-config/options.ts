import type { NodeAPI } from 'node-red';
import type { RqOptions, StoreOptions } from '../../src/index.ts';
import { inUserDir } from '../settings.ts';
import type { Properties } from '../properties.ts';
import type { DialogNode } from '../test-endpoint.ts';
import { tlsOptions } from '../config-node.ts';
import type { rules } from './properties.ts';

type QueueProperties = Properties<typeof rules>;

/** Returns the options of the store. */
export function storeOptions(
  RED: NodeAPI,
  node: DialogNode,
  properties: QueueProperties,
): StoreOptions | RqOptions {
  const { username, password } = node.credentials ?? {};
  const login = { ...(username && { username }), ...(password && { password }) };
  const tls = properties.tls ? { tls: tlsOptions<object>(RED, properties.tls) } : {};
  switch (properties.store) {
    case 'embedded':
      return { store: 'embedded', directory: inUserDir(RED, properties.directory || 'flowerpower') };
    case 'redis':
    case 'rq': {
      const { store, redis_url, prefix } = properties;
      const passedOn = properties.redis_options ? JSON.parse(properties.redis_options) : {};
      const address = { redis_url, ...login, redis_options: { ...tls, ...passedOn } };
      return store === 'rq' ? { store, ...address } : { store: 'redis', prefix, ...address };
    }
    case 'postgres':
    default: {
      const { postgres_url, schema } = properties;
      return { store: 'postgres', postgres_url, schema, ...login, ...tls };
    }
  }
}
