import type { NodeAPI, NodeMessage } from 'node-red';
import { InterruptedError, settledWithin } from '../../src/index.ts';
import { sharedBy } from '../config-node.ts';
import type { ProjectConfig } from '../fp-project-config/fp-project-config.ts';
import { onInput } from '../input.ts';
import { registerNode, type Opening } from '../register-node.ts';
import { openSettlement } from '../settlement/settlement.ts';
import { pipelineInputs, pipelineName } from './inputs.ts';
import { rules } from './properties.ts';

export default function register(RED: NodeAPI): void {
  registerNode(RED, { type: 'fp-pipeline', rules, open });
}

/** Milliseconds that runs have to end when the node stops, as long as the worker waits for its jobs. */
const GRACE = 10_000;

function open({ RED, node, properties, status, onClose }: Opening<typeof rules>): void {
  const { project, use } = sharedBy<ProjectConfig>(RED, properties.project, 'project');
  onClose(use());
  const settlement = openSettlement(RED, node);
  onClose(() => settlement.close());
  const runs = new Map<AbortController, Promise<unknown>>();

  const run = async (name: string, msg: NodeMessage) => {
    const stopping = new AbortController();
    settlement.onAbandoned(msg, (reason) => stopping.abort(reason));
    const onLog = (line: string) => node.log(`${name}: ${line}`);
    const onProgress = (progress: number | object) => status.show(progressing(name, progress));
    const running = project.run(name, {
      inputs: pipelineInputs({ ...msg }),
      signal: stopping.signal,
      onLog,
      onProgress,
    });
    runs.set(stopping, running);
    status.show({ fill: 'blue', shape: 'dot', text: `${runs.size} running` });
    return running.finally(() => runs.delete(stopping));
  };

  onInput(node, async (msg, send) => {
    const began = Date.now();
    try {
      const name = pipelineName(properties.pipeline, msg);
      const { kind } = await project.find(name);
      const payload = await run(name, msg);
      const execution_time = (Date.now() - began) / 1000;
      status.show({ fill: 'green', shape: 'dot', text: `${name} ${execution_time} s` });
      const start_time = new Date(began).toISOString();
      send({ ...msg, payload, pipelineRun: { name, kind, start_time, execution_time, status: 'success' } });
    } catch (error) {
      status.show({ fill: 'red', shape: 'dot', text: (error as Error).message });
      throw error;
    }
  });

  onClose(async () => {
    if (await settledWithin(GRACE, Promise.allSettled(runs.values()))) return;
    for (const stopping of runs.keys()) stopping.abort(new InterruptedError('the node was stopped'));
    await Promise.allSettled(runs.values());
  });
}

function progressing(name: string, progress: number | object) {
  const how = typeof progress === 'number' ? `${progress} %` : JSON.stringify(progress);
  return { fill: 'blue', shape: 'dot', text: `${name} ${how}` } as const;
}
