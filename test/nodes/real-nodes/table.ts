import { coreNodes } from './core-nodes.ts';
import { flowNodes } from './flow-nodes.ts';
import { gateNodes } from './gate-nodes.ts';
import { networkNodes } from './network-nodes.ts';
import type { RealNode } from './real-node.ts';
import { outsideNodes } from './outside-nodes.ts';
import { sequenceNodes } from './sequence-nodes.ts';
import { valueNodes } from './value-nodes.ts';

/** Nodes that ship with Node-RED. */
export const core: RealNode[] = [...coreNodes, ...sequenceNodes, ...flowNodes, ...networkNodes];

/** Nodes that others have published on npm, by package. */
export const contributed: Record<string, RealNode[]> = { ...valueNodes, ...gateNodes, ...outsideNodes };
