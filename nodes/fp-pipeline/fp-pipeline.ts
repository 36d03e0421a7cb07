import type { Node, NodeAPI, NodeMessage } from 'node-red';
import { Attempt, InterruptedError, Runs, type Progress, type Project } from '../../src/index.ts';
import { sharedBy } from '../config-node.ts';
import type { ProjectConfig } from '../fp-project-config/fp-project-config.ts';
import { onInput } from '../input.ts';
import { registerNode, type Opening } from '../register-node.ts';
import { openSettlement, type Settlement } from '../settlement/settlement.ts';
import { progressText, type StatusLine } from '../status.ts';
import { findPipeline, type Found } from './find-pipeline.ts';
import { pipelineName } from './inputs.ts';
import { whenStarted, type WhenStarted } from '../when-started.ts';
import { rules } from './properties.ts';
import { runFile } from './run-file.ts';
import { Calls, listSubroutines } from './subroutines.ts';

export default function register(RED: NodeAPI): void {
  const started = whenStarted(RED);
  registerNode(RED, { type: 'fp-pipeline', rules, open: (opening) => open(opening, started) });
}

/** Milliseconds that runs have to end when the node stops, as long as the worker waits for its jobs. */
const GRACE = 10_000;

function open({ RED, node, properties, status, onClose }: Opening<typeof rules>, started: WhenStarted): void {
  // The editor keeps a status until there is another one.
  onClose(() => node.status({}));
  const project = properties.project === undefined ? undefined : useProject(RED, properties.project, onClose);
  const settlement = openSettlement(RED, node);
  onClose(() => settlement.close());
  const calls = new Calls(node, settlement);
  const runs = new Runs();
  onClose(() => runs.stop(GRACE, new InterruptedError('the node was stopped')));

  /** The name that the last message asked for, if there was no such pipeline. */
  let missing: string | undefined;
  const find = async (name: string) => {
    missing = name;
    const found = await findPipeline(name, { project, subroutines: listSubroutines(RED) });
    missing = undefined;
    return found;
  };
  const lookAgain = async () => {
    if (missing === undefined) return;
    await find(missing);
    status.show({});
  };
  // A deploy may have brought it, without this node; where it has not, the status stays.
  onClose(started(() => void lookAgain().catch(() => undefined)));

  /** Resolves to the messages to send: what a pipeline in a file gives, or a subroutine answers. */
  const run = (found: Found, msg: NodeMessage) =>
    runs.start(async (stopping) => {
      settlement.onAbandoned(msg, (reason) => stopping.abort(reason));
      if (found.kind === 'node-red') return calls.call(found.node, msg, stopping.signal);
      const { name } = found;
      const told = progressOf({ node, status, settlement }, name, msg);
      const log = (line: string) => node.log(line);
      return [await runFile(found.project, { name, msg, signal: stopping.signal, log, ...told })];
    });

  onInput(node, async (msg, send) => {
    const began = Date.now();
    try {
      const found = await find(pipelineName(properties.pipeline, msg));
      const running = run(found, msg);
      status.show({ fill: 'blue', shape: 'dot', text: `${runs.count} running` });
      const answers = await running;
      const pipelineRun = describeRun(found, began);
      status.show({ fill: 'green', shape: 'dot', text: `${found.name} ${pipelineRun.execution_time} s` });
      for (const answer of answers) send({ ...answer, pipelineRun });
    } catch (error) {
      status.show({ fill: 'red', shape: 'dot', text: (error as Error).message });
      throw error;
    }
  });
}

interface Places {
  node: Node;
  status: StatusLine;
  settlement: Settlement;
}

/** Where a run's progress goes: to the node's status, and to the job that the message belongs to. */
function progressOf({ node, status, settlement }: Places, name: string, msg: NodeMessage) {
  const attempt = settlement.contextOf(msg);
  return {
    showProgress(progress: Progress) {
      status.show({ fill: 'blue', shape: 'dot', text: `${name} ${progressText(progress)}` });
    },
    async storeProgress(progress: Progress) {
      if (!(attempt instanceof Attempt)) return;
      await attempt.progress(progress).catch((error: Error) => node.warn(error.message));
    },
  };
}

function describeRun({ name, kind }: Found, began: number) {
  const execution_time = (Date.now() - began) / 1000;
  return { name, kind, start_time: new Date(began).toISOString(), execution_time, status: 'success' };
}

function useProject(RED: NodeAPI, id: string, onClose: Opening<typeof rules>['onClose']): Project {
  const { project, use } = sharedBy<ProjectConfig>(RED, id, 'project');
  onClose(use());
  return project;
}
