import { outputsFor, outputsOf } from '../fp-subscribe/outputs.ts';
import { outputMap } from './output-map.ts';

/** Sets the outputs of fp-subscribe for the mode in its form; wires stay with their output. */
export function followMode(node: Parameters<typeof outputsOf>[0]): void {
  const map = outputMap(outputsOf(node), outputsFor($('#node-input-execution_mode').val()));
  if (map) $('#node-input-outputs').val(JSON.stringify(map));
}
