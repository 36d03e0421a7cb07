import { projectWith } from '../../test/helpers/project.ts';
import type { FlowNode } from '../../test/helpers/node-red.ts';
import { withChild } from '../child.ts';
import { functionNode, pipelineJobs, workerTo } from '../flows.ts';
import { newLine, type Line } from '../line.ts';
import type { Row } from '../measured.ts';
import { startNodeRed } from '../processes.ts';
import { runJobs } from '../run-jobs.ts';
import { sharedServers } from '../servers.ts';

const AT_ONCE = 4;
const JOBS = 8;
const NAME = 'burn';
const BURN = 'const end = Date.now() + 1000; while (Date.now() < end);';

/** Event loop delay of Node-RED while four pipelines compute: in processes, and in a function node. */
export const cpuBound: Row = {
  name: 'cpu-bound',
  async run() {
    const base_dir = projectWith({ [`${NAME}.mjs`]: `export default () => { ${BURN} };` });
    const apart = await delayWhile((line) => pipelineJobs(line, { base_dir, javascript_processes: AT_ONCE }));
    const inFlow = await delayWhile((line) => [
      { id: 'tab', type: 'tab', label: 'bench' },
      ...workerTo(line, 'burn'),
      functionNode('burn', `${BURN} return msg;`),
    ]);
    const what = `event-loop delay p99 while ${AT_ONCE} pipelines compute`;
    const detail = `${apart.toFixed(1)} and ${inFlow.toFixed(1)} ms`;
    return [
      { what, against: 'nothing', value: apart, unit: 'ms', atMost: 20, detail: 'in processes' },
      { what, against: 'the same work in a function node', value: apart / inFlow, detail },
    ];
  },
};

async function delayWhile(flow: (line: Line) => FlowNode[]): Promise<number> {
  const line = { ...newLine(await sharedServers()), concurrency: AT_ONCE };
  return withChild(startNodeRed(), async (child) => {
    await child.ask('deploy', flow(line));
    await runJobs(line, NAME, AT_ONCE);
    await child.ask('delay');
    await runJobs(line, NAME, JOBS);
    return child.ask<number>('delay');
  });
}
