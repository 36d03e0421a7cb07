/** The endpoint that tells the edit dialogs which environment variables are not set in this Node-RED. */
import type { Node, NodeAPI } from 'node-red';

const MOST_NAMES = 100;
const LONGEST_NAME = 200;

export default function register(RED: NodeAPI): void {
  const permission = RED.auth.needsPermission('flows.read');
  RED.httpAdmin.get('/fp/variables', permission, (request, response) => {
    const asked = request.query['names'];
    const names = typeof asked === 'string' ? asked.split(',') : [];
    if (names.length > MOST_NAMES || names.some(({ length }) => length > LONGEST_NAME)) {
      response.status(400).json({
        error: `names must be at most ${MOST_NAMES} names of at most ${LONGEST_NAME} characters`,
      });
      return;
    }
    // Only answer with names: values may be secrets.
    response.json({ unset: names.filter((name) => RED.util.getSetting({} as Node, name) === undefined) });
  });
}
