import { newestOnly } from '../base/one-at-a-time.ts';
import type { Project } from '../project/project.ts';
import type { Progress } from '../queue/attempt.ts';

/** One run of a pipeline in a file. */
interface PipelineCall {
  name: string;
  /** The message, with the properties of a Node-RED message. */
  msg: Record<string, unknown>;
  signal: AbortSignal;
  log: (line: string) => void;
  onProgress?: (progress: Progress) => void;
  /** Stores the progress with the job, if there is one; must not reject. */
  storeProgress?: (progress: Progress) => Promise<void>;
}

/** Runs a pipeline of a project; resolves to its result. */
export function runPipeline(
  project: Project,
  { name, msg, signal, log, onProgress, storeProgress }: PipelineCall,
): Promise<unknown> {
  const store = storeProgress && newestOnly(storeProgress);
  return project.run(name, {
    inputs: pipelineInputs(msg),
    signal,
    onLog: (line) => log(`${name}: ${line}`),
    onProgress(progress) {
      onProgress?.(progress);
      store?.(progress);
    },
  });
}

/** Returns the inputs of a pipeline, with the names of flowerpower-mqtt. */
function pipelineInputs(msg: Record<string, unknown>): Record<string, unknown> {
  return {
    mqtt_message: msg['payload'] ?? null,
    mqtt_topic: msg['topic'] ?? '',
    mqtt_qos: msg['qos'] ?? 0,
    execution_timestamp: msg['executionTimestamp'] ?? new Date().toISOString(),
    execution_mode: msg['executionMode'] ?? 'sync',
  };
}
