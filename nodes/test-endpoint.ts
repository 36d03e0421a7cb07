import type { NodeAPI } from 'node-red';
import type { Rules, Stored } from '../src/options/rule.ts';
import { jsonOnly } from './json-only.ts';
import { readProperties, type Properties } from './properties.ts';
import { variableValue } from './variable-value.ts';

interface Tested<R extends Rules> {
  type: string;
  rules: R;
  /** Says what the other side answered, or rejects with its words. */
  test: (node: DialogNode, properties: Properties<R>) => Promise<string>;
}

/** User and password, as credentials hold them. */
export interface Login {
  username?: string;
  password?: string;
}

/** What a deployed node and one that exists only in the dialog have in common. */
export interface DialogNode {
  id: string;
  credentials?: Login;
}

/** What the editor puts in the place of a password that it does not know. */
const UNCHANGED = '__PWRD__';

/**
 * The endpoint of a config node's "test connection" button. It tries what the dialog holds, so it needs the
 * permission that deploying it would need.
 */
export function addTestEndpoint<R extends Rules>(RED: NodeAPI, { type, rules, test }: Tested<R>): void {
  const answerOf = async (stored: Stored) =>
    test(standIn(RED, stored), readProperties(rules, withVariables(RED, stored)));

  const permission = RED.auth.needsPermission('flows.write');
  RED.httpAdmin.post(`/fp/test/${type}`, permission, jsonOnly, (request, response) => {
    const stored = Object(request.body) as Stored;
    const refuse = (error: Error) => response.status(400).json({ error: error.message });
    answerOf(stored).then((answer) => response.json({ answer }), refuse);
  });
}

/** A node that exists only in the dialog: its id, and its credentials as far as they were typed. */
function standIn(RED: NodeAPI, stored: Stored): DialogNode {
  const id = String(stored['id']);
  const deployed = Object(RED.nodes.getCredentials(id)) as Login;
  const typed = (name: string) => (typeof stored[name] === 'string' ? stored[name] : '');
  const password = typed('password') === UNCHANGED ? (deployed.password ?? '') : typed('password');
  return { id, credentials: { username: typed('username'), password } };
}

/** Node-RED does this for deployed nodes only. */
function withVariables(RED: NodeAPI, stored: Stored): Stored {
  const entries = Object.entries(stored).map(([name, value]) => [name, variableValue(RED, value)]);
  return Object.fromEntries(entries);
}
