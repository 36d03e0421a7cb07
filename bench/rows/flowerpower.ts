import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectWith } from '../../test/helpers/project.ts';
import { flowerpowerPython } from '../../test/helpers/python.ts';
import { withChild, type Child } from '../child.ts';
import { pipelineJobs } from '../flows.ts';
import { newLine, type Line } from '../line.ts';
import { alternate, type Row } from '../measured.ts';
import { startNodeRed } from '../processes.ts';
import { runJobs } from '../run-jobs.ts';
import { sharedServers } from '../servers.ts';

const scripts = join(__dirname, '../../../bench/python');
const WARM = 20;
const RUNS = 300;
const RQ_RUNS = 10;
const ROUNDS = 3;
const NAME = 'millisecond';

/** A pipeline that computes for about a millisecond. */
const PIPELINE = `
def result(mqtt_message: dict) -> float:
    return sum((mqtt_message["n"] + i) ** 0.5 for i in range(10_000))
`;

/** FlowerPower runs per second: in one Python process of this package, in a loop, and in an RQ worker. */
export const flowerpower: Row = {
  name: 'flowerpower',
  async run() {
    if (flowerpowerPython === undefined) throw new Error('it needs FlowerPower, see docs/development.md');
    const { redis } = await sharedServers();
    const base_dir = projectWith({ [`${NAME}.py`]: PIPELINE });
    const loop = () => script('loop.py', [base_dir, NAME, `${RUNS}`]);
    const rq = () =>
      script('rq_worker.py', [base_dir, NAME, `${RQ_RUNS}`, `redis://127.0.0.1:${redis.port}`]);
    const [us, them] = await alternate(ROUNDS, () => ours(base_dir), loop);
    const forks = await rq();
    const per = (other: number) => `${us.toFixed(1)} and ${other.toFixed(1)} runs/s`;
    const what = 'rate of FlowerPower runs, one process (Redis)';
    return [
      {
        what,
        against: 'the same pipeline in a Python loop',
        value: us / them,
        atLeast: 0.8,
        detail: per(them),
      },
      { what, against: 'an RQ worker', value: us / forks, atLeast: 10, detail: per(forks) },
    ];
  },
};

async function script(name: string, args: string[]): Promise<number> {
  const { stdout } = await promisify(execFile)(flowerpowerPython ?? '', [name, ...args], { cwd: scripts });
  return Number(stdout.trim().split('\n').at(-1));
}

async function ours(base_dir: string): Promise<number> {
  const line = { ...newLine(await sharedServers()), concurrency: 4 };
  return withChild(startNodeRed(), async (child) => {
    await deploy(child, line, base_dir);
    await runJobs(line, NAME, WARM);
    return runJobs(line, NAME, RUNS);
  });
}

function deploy(child: Child, line: Line, base_dir: string): Promise<unknown> {
  const project = { base_dir, python: flowerpowerPython ?? '', python_processes: 1, log_level: 'INFO' };
  return child.ask('deploy', pipelineJobs(line, project));
}
