import type { NodeMessage } from 'node-red';
import { OptionsError } from '../../src/index.ts';

/** The pipeline that the dialog or, if that is empty, the message names. */
export function pipelineName(fixed: string, msg: NodeMessage & { pipeline?: unknown }): string {
  const name = fixed || msg.pipeline;
  if (typeof name === 'string' && name !== '') return name;
  throw new OptionsError(['no pipeline is named: choose one in the dialog, or set msg.pipeline']);
}
