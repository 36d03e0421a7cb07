import { outputsFor, outputsOf } from '../fp-subscribe/outputs.ts';
import { outputMap } from './output-map.ts';

/** Gives a fp-subscribe the outputs of the mode that its form holds; wires stay with what they are for. */
export function followMode(node: Parameters<typeof outputsOf>[0]): void {
  const map = outputMap(outputsOf(node), outputsFor($('#node-input-execution_mode').val()));
  if (map) $('#node-input-outputs').val(JSON.stringify(map));
}
