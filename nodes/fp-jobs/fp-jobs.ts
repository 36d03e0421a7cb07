/** The server's part of the Jobs sidebar: shows and changes the jobs of the deployed queues. */
import type { NodeAPI } from 'node-red';
import { addAdminEndpoint } from '../admin-endpoint.ts';
import { act } from './act.ts';
import { BulkRuns } from './bulk-runs.ts';
import { openLooks } from './look.ts';
import { queueNode, queueNodes } from './queues.ts';
import { readings } from './read.ts';

export default function register(RED: NodeAPI): void {
  const bulk = new BulkRuns();
  const { look, refresh, reset } = openLooks(RED, bulk);
  RED.events.on('flows:started', () => {
    for (const { shared } of queueNodes(RED)) shared.noteDeploy();
    reset();
  });
  addAdminEndpoint(RED, {
    method: 'post',
    path: '/fp/jobs/look',
    permission: 'fp-jobs.read',
    answer: ({ body }) => look(body['queues']),
  });
  for (const [name, read] of Object.entries(readings(RED))) {
    addAdminEndpoint(RED, {
      method: 'get',
      path: `/fp/jobs/:queue/${name}`,
      permission: 'fp-jobs.read',
      answer: async ({ params, query }) =>
        queueNode(RED, params['queue']).shared.look((queue) => read(queue, query)),
    });
  }
  addAdminEndpoint(RED, {
    method: 'post',
    path: '/fp/jobs/:queue/:action',
    permission: 'fp-jobs.write',
    answer: (asked) => act({ RED, bulk, onChange: refresh }, asked),
  });
}
