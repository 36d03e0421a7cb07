import type { FlowNode, Message } from './flow-node.ts';

/** What is known of a type of node that calls `done` before it sends. */
export interface LateKind {
  /** Whether the node keeps something of a message that it has just finished with. */
  keeps(node: FlowNode, msg: Message): boolean;
  /** Whether it still does; without this, it has sent when it sends for the first time. */
  isKept?(node: FlowNode, msg: Message): boolean;
  /** Messages with the same key replace each other. Default: none does */
  key?(node: FlowNode, msg: Message): unknown;
  /** Milliseconds to wait at most. */
  patience: number;
}

/** Node-RED's trigger: the topics whose timer runs, by name. */
interface Trigger extends FlowNode {
  topics?: Record<string, { tout?: unknown } | undefined>;
  bytopic?: string;
  topic?: string;
  op2type?: string;
  loop?: boolean;
}

/** Node-RED's tcp request. */
interface TcpRequest extends FlowNode {
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
    // It does not wait for an answer when it is told to close at once.
    keeps: ({ out, splitc = 0 }: TcpRequest) => !(out === 'time' && splitc < 0),
    patience: 120_000,
  },
};

export function lateKind({ type }: FlowNode): LateKind | undefined {
  return kinds[type];
}

/** A trigger that sends nothing at the end, or sends again and again until it is reset, is not waited for. */
function isRunning(node: Trigger, msg: Message): boolean {
  const timer = node.topics?.[topicOf(node, msg)]?.tout;
  return node.op2type !== 'nul' && node.loop !== true && timer !== undefined && timer !== 0;
}

function topicOf({ bytopic, topic = 'topic' }: Trigger, msg: Message): string {
  if (bytopic === 'all') return '_none';
  const value = topic.split('.').reduce<unknown>((found, name) => Object(found)[name] as unknown, msg);
  return (value as string) || '_none';
}
