/** The endpoint that tells the edit dialogs which environment variables are not set in this Node-RED. */
import type { Node, NodeAPI } from 'node-red';
import { OptionsError } from '../../src/index.ts';
import { addAdminEndpoint } from '../admin-endpoint.ts';

const MOST_NAMES = 100;
const LONGEST_NAME = 200;

export default function register(RED: NodeAPI): void {
  addAdminEndpoint(RED, {
    method: 'get',
    path: '/fp/variables',
    permission: 'flows.read',
    // Only answer with names: values may be secrets.
    answer: async ({ query }) => ({
      unset: namesIn(query['names']).filter((name) => RED.util.getSetting({} as Node, name) === undefined),
    }),
  });
}

function namesIn(asked: unknown): string[] {
  const names = typeof asked === 'string' ? asked.split(',') : [];
  if (names.length <= MOST_NAMES && names.every(({ length }) => length <= LONGEST_NAME)) return names;
  throw new OptionsError([`names must be at most ${MOST_NAMES} names of at most ${LONGEST_NAME} characters`]);
}
