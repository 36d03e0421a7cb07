/** A node of another author, and what must become of a delivery that passes through it. */
import type { FlowNode, TestNodeRed } from '../../helpers/node-red.ts';

/** Addresses of the servers that a flow talks to. */
export interface Addresses {
  /** Base URL of Node-RED's own web server, for `http in` nodes. */
  http: string;
  httpPort: number;
  mqttPort: number;
  redisPort: number;
  /** A port for a `tcp in`, `udp in` or `websocket` node of the flow. */
  freePort: number;
}

/** A port that nobody listens on. */
export const nobody = 1;

/**
 * - `waited for`: the delivery settles after everything that the node sent has finished.
 * - `fails`: the error of the node rejects the delivery.
 * - `drops`: the node sends nothing on, and the delivery settles at once.
 * - `warned about`: the delivery settles too early, and the log names the node.
 */
export type Outcome = 'waited for' | 'fails' | 'drops' | 'warned about';

export interface RealNode {
  /** The node's type, or another name that readers know. */
  node: string;
  /** What the node does with the message, or meets. */
  does: string;
  outcome: Outcome;
  /** The node and what it needs. The first one gets the messages; `end` is where they end. */
  flow: (at: Addresses) => FlowNode[];
  /** The flow's servers and connections are ready for the messages. */
  isReady?: (red: TestNodeRed) => boolean;
  /** Payloads of the messages, one each. Default: a single 1. */
  payloads?: unknown[];
  /** All messages become part of what the node sends: each waits for that. */
  merges?: boolean;
  /** How many messages reach the end. Default: 1 if the node is waited for or warned about, else 0. */
  reach?: number;
}

export const reachOf = ({ reach, outcome }: RealNode): number =>
  reach ?? (outcome === 'waited for' || outcome === 'warned about' ? 1 : 0);
