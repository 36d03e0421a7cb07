import type { NodeMessage } from 'node-red';
import { newestOnly, type Progress, type Project } from '../../src/index.ts';
import { pipelineInputs } from './inputs.ts';

/** One run of a pipeline in a file. */
export interface FileRun {
  name: string;
  msg: NodeMessage;
  signal: AbortSignal;
  log: (line: string) => void;
  showProgress: (progress: Progress) => void;
  /** Records progress with the job, if there is one; must not reject. */
  storeProgress: (progress: Progress) => Promise<void>;
}

/** Runs a pipeline of a project; resolves to the message with the result as its payload. */
export async function runFile(
  project: Project,
  { name, msg, signal, log, showProgress, storeProgress }: FileRun,
): Promise<NodeMessage> {
  const store = newestOnly(storeProgress);
  const payload = await project.run(name, {
    inputs: pipelineInputs({ ...msg }),
    signal,
    onLog: (line) => log(`${name}: ${line}`),
    onProgress(progress) {
      showProgress(progress);
      store(progress);
    },
  });
  return { ...msg, payload };
}
