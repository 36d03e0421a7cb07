import type { Node, NodeAPI, NodeMessage } from 'node-red';
import {
  InterruptedError,
  runPipeline,
  Runs,
  SerializeError,
  type Attempt,
  type Progress,
  type Project,
} from '../../src/index.ts';
import { sharedBy } from '../config-node.ts';
import type { ProjectConfig } from '../fp-project-config/fp-project-config.ts';
import { registerNode, type Opening, onInput } from '../register-node.ts';
import { openSettlement } from '../settlement/settlement.ts';
import { progressText, type StatusLine } from '../status.ts';
import { pipelineName } from './pipeline-name.ts';
import { whenStarted, type WhenStarted } from '../when-started.ts';
import { rules } from './properties.ts';
import { resolvePipeline, type Found } from './resolve-pipeline.ts';
import { Calls, listSubroutines } from './subroutines.ts';

export default function register(RED: NodeAPI): void {
  const started = whenStarted(RED);
  registerNode(RED, { type: 'fp-pipeline', rules, open: (opening) => open(opening, started) });
}

/** Milliseconds that runs have to end when the node stops, as long as the worker waits for its jobs. */
const GRACE = 10_000;

function open(opening: Opening<typeof rules>, started: WhenStarted): void {
  const { RED, node, properties, status, onClose } = opening;
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
    const found = await resolvePipeline(name, { project, subroutines: listSubroutines(RED) });
    missing = undefined;
    return found;
  };
  const lookAgain = async () => {
    if (missing === undefined) return;
    await find(missing);
    status.show({});
  };
  // A deploy may have brought it, without this node; where it has not, the status stays.
  started(opening, () => void lookAgain().catch(() => undefined));

  /** Resolves to the messages to send: what a pipeline in a file gives, or a subroutine answers. */
  const run = (found: Found, msg: NodeMessage) =>
    runs.start(async (stopping) => {
      settlement.onAbandoned(msg, (reason) => stopping.abort(reason));
      if (found.kind === 'node-red') return calls.call(found.node, msg, stopping.signal);
      const { name } = found;
      const { attempt } = settlement.contextOf(msg);
      const payload = await runPipeline(found.project, {
        name,
        msg: { ...msg },
        signal: stopping.signal,
        log: (line) => node.log(line),
        ...progressOf({ node, status, attempt }, name),
      });
      if (attempt) keepResult(attempt, payload);
      return [{ ...msg, payload }];
    });

  onInput(node, async (msg, send) => {
    const began = Date.now();
    try {
      const found = await find(pipelineName(properties.pipeline, msg));
      const running = run(found, msg);
      status.show({ fill: 'blue', shape: 'dot', text: `${runs.count} running` });
      const answers = await running;
      const pipelineRun = describeRun(found, began);
      status.show({ fill: 'green', shape: 'dot', text: `${pipelineRun.execution_time} s ${found.name}` });
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
  attempt: Attempt | undefined;
}

/** Where a run's progress goes: to the node's status, and to the job that the message belongs to. */
function progressOf({ node, status, attempt }: Places, name: string) {
  return {
    onProgress(progress: Progress) {
      status.show({ fill: 'blue', shape: 'dot', text: `${progressText(progress)} ${name}` });
    },
    async storeProgress(progress: Progress) {
      await attempt?.progress(progress).catch((error: Error) => node.warn(error.message));
    },
  };
}

/** What the pipeline of a job gives is the job's result, until another node sets one; words if it cannot be stored. */
function keepResult(attempt: Attempt, result: unknown): void {
  try {
    attempt.setResult(result);
  } catch (error) {
    if (!(error instanceof SerializeError)) throw error;
    attempt.setResult(error.message);
  }
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
