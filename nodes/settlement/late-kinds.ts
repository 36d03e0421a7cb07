import type { RuntimeNode, Message } from './runtime-node.ts';

/** Describes a type of node that calls `done` before it sends. */
export interface LateKind {
  /** Tells whether the node may still send a message after it has completed it. */
  keeps(node: RuntimeNode, msg: Message): boolean;
  /** Tells whether the node may send again. If missing, the first message it sends is the last. */
  isKept?(node: RuntimeNode, msg: Message): boolean;
  /** Messages with the same key replace each other. Default: each has its own key. */
  key?(node: RuntimeNode, msg: Message): unknown;
  /** Maximum milliseconds to wait. */
  patience: number;
}

/** Node-RED's trigger node; `topics` has the timers by topic. */
interface Trigger extends RuntimeNode {
  topics?: Record<string, { tout?: unknown } | undefined>;
  bytopic?: string;
  topic?: string;
  op2type?: string;
  loop?: boolean;
}

/** Node-RED's tcp request node. */
interface TcpRequest extends RuntimeNode {
  out?: string;
  splitc?: number;
}

const DAY = 86_400_000;

const kinds: Record<string, LateKind> = {
  trigger: {
    keeps: (node, msg) => isRunning(node, msg),
    isKept: (node, msg) => isRunning(node, msg),
    key: (node, msg) => topicOf(node, msg),
    patience: DAY,
  },
  'tcp request': {
    // Set to close immediately, it does not wait for an answer.
    keeps: ({ out, splitc = 0 }: TcpRequest) => !(out === 'time' && splitc < 0),
    patience: 120_000,
  },
};

export function lateKind({ type }: RuntimeNode): LateKind | undefined {
  return kinds[type];
}

/** Ignores triggers that send nothing at the end, or repeat until they are reset. */
function isRunning(node: Trigger, msg: Message): boolean {
  const timer = node.topics?.[topicOf(node, msg)]?.tout;
  return node.op2type !== 'nul' && node.loop !== true && timer !== undefined && timer !== 0;
}

function topicOf({ bytopic, topic = 'topic' }: Trigger, msg: Message): string {
  if (bytopic === 'all') return '_none';
  const value = topic.split('.').reduce<unknown>((found, name) => Object(found)[name] as unknown, msg);
  return (value as string) || '_none';
}
