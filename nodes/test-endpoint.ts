import type { NodeAPI } from 'node-red';
import type { Rules, Stored } from '../src/options/rule.ts';
import { addAdminEndpoint } from './admin-endpoint.ts';
import { readProperties, type Properties, variableValue } from './properties.ts';

interface Tested<R extends Rules> {
  type: string;
  rules: R;
  /** Resolves with the answer, or rejects with the error, of the other side. */
  test: (node: DialogNode, properties: Properties<R>) => Promise<string>;
}

/** User and password from the credentials. */
export interface Login {
  username?: string;
  password?: string;
}

/** The common part of a deployed node and one that exists only in the dialog. */
export interface DialogNode {
  id: string;
  credentials?: Login;
}

/** The editor's placeholder for a stored password. */
const UNCHANGED = '__PWRD__';

/**
 * The endpoint of a config node's "test connection" button. It connects with the values of the dialog, so it needs the
 * same permission as a deploy.
 */
export function addTestEndpoint<R extends Rules>(RED: NodeAPI, { type, rules, test }: Tested<R>): void {
  addAdminEndpoint(RED, {
    method: 'post',
    path: `/fp/test/${type}`,
    permission: 'flows.write',
    answer: async ({ body }) => {
      const properties = readProperties(rules, withVariables(RED, body));
      return { answer: await test(standIn(RED, body), properties) };
    },
  });
}

/** Returns the ID and credentials of the dialog's node. An unchanged password is taken from the deployed node. */
function standIn(RED: NodeAPI, stored: Stored): DialogNode {
  const id = String(stored['id']);
  const deployed = Object(RED.nodes.getCredentials(id)) as Login;
  const typed = (name: string) => (typeof stored[name] === 'string' ? stored[name] : '');
  const password = typed('password') === UNCHANGED ? (deployed.password ?? '') : typed('password');
  return { id, credentials: { username: typed('username'), password } };
}

/** Replaces environment variables; Node-RED does so for deployed nodes only. */
function withVariables(RED: NodeAPI, stored: Stored): Stored {
  const entries = Object.entries(stored).map(([name, value]) => [name, variableValue(RED, value)]);
  return Object.fromEntries(entries);
}
