import type { RuntimeNode } from './runtime-node.ts';

type Method = 'error' | 'close';

/**
 * Wraps a method that all nodes inherit, until the returned function is called.
 *
 * Needed for events without a hook in Node-RED. Nodes of all types share one prototype.
 */
export function wrapMethod<M extends Method>(
  node: RuntimeNode,
  method: M,
  wrap: (original: RuntimeNode[M]) => RuntimeNode[M],
): () => void {
  const prototype = prototypeWith(method, node);
  const original = prototype[method];
  const wrapper = wrap(original);
  prototype[method] = wrapper;
  return () => {
    if (prototype[method] === wrapper) prototype[method] = original;
  };
}

function prototypeWith(method: Method, node: RuntimeNode): RuntimeNode {
  let prototype = Object.getPrototypeOf(node) as RuntimeNode;
  while (!Object.hasOwn(prototype, method)) prototype = Object.getPrototypeOf(prototype) as RuntimeNode;
  return prototype;
}
