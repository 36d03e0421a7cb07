import type { FlowNode } from './flow-node.ts';

type Method = 'error' | 'close';

/**
 * Puts what `wrap` makes in the place of a method that every node inherits, until the function returned is called.
 *
 * For what no hook of Node-RED tells. Nodes inherit from one prototype, whatever their type.
 */
export function wrapMethod<M extends Method>(
  node: FlowNode,
  method: M,
  wrap: (original: FlowNode[M]) => FlowNode[M],
): () => void {
  const prototype = prototypeWith(method, node);
  const original = prototype[method];
  const wrapper = wrap(original);
  prototype[method] = wrapper;
  return () => {
    if (prototype[method] === wrapper) prototype[method] = original;
  };
}

function prototypeWith(method: Method, node: FlowNode): FlowNode {
  let prototype = Object.getPrototypeOf(node) as FlowNode;
  while (!Object.hasOwn(prototype, method)) prototype = Object.getPrototypeOf(prototype) as FlowNode;
  return prototype;
}
