import type { NodeAPI, NodeMessage } from 'node-red';
import { Attempt, type Progress, type Project } from '../../src/index.ts';
import { sharedBy } from '../config-node.ts';
import type { ProjectConfig } from '../fp-project-config/fp-project-config.ts';
import { onInput } from '../input.ts';
import { registerNode, type Opening } from '../register-node.ts';
import { openSettlement } from '../settlement/settlement.ts';
import { progressText } from '../status.ts';
import { findPipeline, type Found } from './find-pipeline.ts';
import { pipelineInputs, pipelineName } from './inputs.ts';
import { rules } from './properties.ts';
import { Runs } from './runs.ts';
import { Calls, listSubroutines } from './subroutines.ts';

export default function register(RED: NodeAPI): void {
  registerNode(RED, { type: 'fp-pipeline', rules, open });
}

/** Milliseconds that runs have to end when the node stops, as long as the worker waits for its jobs. */
const GRACE = 10_000;

function open({ RED, node, properties, status, onClose }: Opening<typeof rules>): void {
  const project = properties.project === undefined ? undefined : useProject(RED, properties.project, onClose);
  const settlement = openSettlement(RED, node);
  onClose(() => settlement.close());
  const calls = new Calls(node, settlement);
  const runs = new Runs();
  onClose(() => runs.stop(GRACE));

  const runFile = async (name: string, msg: NodeMessage, signal: AbortSignal) => {
    const onLog = (line: string) => node.log(`${name}: ${line}`);
    const attempt = settlement.contextOf(msg);
    const onProgress = (progress: Progress) => {
      status.show({ fill: 'blue', shape: 'dot', text: `${name} ${progressText(progress)}` });
      if (attempt instanceof Attempt)
        attempt.progress(progress).catch((error: Error) => node.warn(error.message));
    };
    const inputs = pipelineInputs({ ...msg });
    return [{ ...msg, payload: await project?.run(name, { inputs, signal, onLog, onProgress }) }];
  };

  /** Resolves to the messages to send: what a pipeline in a file gives, or a subroutine answers. */
  const run = (found: Found, msg: NodeMessage) =>
    runs.start(async (stopping) => {
      settlement.onAbandoned(msg, (reason) => stopping.abort(reason));
      if (found.kind === 'node-red') return calls.call(found.node, msg, stopping.signal);
      return runFile(found.name, msg, stopping.signal);
    });

  onInput(node, async (msg, send) => {
    const began = Date.now();
    try {
      const wanted = pipelineName(properties.pipeline, msg);
      const found = await findPipeline(wanted, { project, subroutines: listSubroutines(RED) });
      const running = run(found, msg);
      status.show({ fill: 'blue', shape: 'dot', text: `${runs.count} running` });
      const answers = await running;
      const execution_time = (Date.now() - began) / 1000;
      const { name, kind } = found;
      status.show({ fill: 'green', shape: 'dot', text: `${name} ${execution_time} s` });
      const start_time = new Date(began).toISOString();
      const pipelineRun = { name, kind, start_time, execution_time, status: 'success' };
      for (const answer of answers) send({ ...answer, pipelineRun });
    } catch (error) {
      status.show({ fill: 'red', shape: 'dot', text: (error as Error).message });
      throw error;
    }
  });
}

function useProject(RED: NodeAPI, id: string, onClose: Opening<typeof rules>['onClose']): Project {
  const { project, use } = sharedBy<ProjectConfig>(RED, id, 'project');
  onClose(use());
  return project;
}
