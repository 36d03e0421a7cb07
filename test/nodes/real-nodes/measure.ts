import { fn, sink } from '../../helpers/flow.ts';
import type { FlowNode, TestNodeRed } from '../../helpers/node-red.ts';
import { probe } from '../../helpers/test-nodes.ts';
import { until } from '../../helpers/until.ts';
import type { Place } from './places.ts';
import { reachOf, type Addresses, type Outcome, type RealNode } from './real-node.ts';

export interface Measured {
  outcome: Outcome | 'settled too early, without a warning';
  /** How many messages reached the end. */
  reach: number;
}

/** Where rows run. */
export interface Bench {
  red: TestNodeRed;
  at: Addresses;
}

/** Takes a while, so that a delivery that settles too early shows. */
const slowEnd = (last: string) => fn('end', 'setTimeout(() => { node.send(msg); node.done(); }, 40)', [last]);

/** Runs a row's messages through its flow in a place, and tells what became of them. */
export async function measure(row: RealNode, place: Place, { red, at }: Bench): Promise<Measured> {
  const payloads = row.payloads ?? [1];
  const reached = probe('reached');
  const foreign = row.flow(at);
  const first = foreign.find(isOnTab)?.id ?? '';
  await red.deploy(onOneTab([...place.nodes(first), ...foreign, slowEnd(place.last), sink('reached')]));
  const { global } = red.node(first).context();
  global.set(SETTLED, false);
  if (row.isReady) await until('the servers of the flow are ready', () => row.isReady?.(red));

  const reachedAtSettling: number[] = [];
  place.onSettled(red, () => reachedAtSettling.push(reached.messages.length));
  await place.send(red, payloads);
  await until('every delivery has settled', () => reachedAtSettling.length === payloads.length);
  global.set(SETTLED, true);
  await until('every message has reached the end', () => reached.messages.length >= reachOf(row));

  const reach = reached.messages.length;
  if (place.failures() > 0) return { outcome: 'fails', reach };
  if (reach === 0) return { outcome: 'drops', reach };
  if (isWaitedFor(reachedAtSettling, reach, row)) return { outcome: 'waited for', reach };
  const isWarned = red.log.some((line) => WARNING.test(line));
  return { outcome: isWarned ? 'warned about' : 'settled too early, without a warning', reach };
}

/** What has not reached the end when a delivery settles belongs to those that have not settled yet, one message each. */
function isWaitedFor(reachedAtSettling: number[], reach: number, { merges }: RealNode): boolean {
  return reachedAtSettling.every((reached, index) => {
    const unsettled = merges ? 0 : reachedAtSettling.length - 1 - index;
    return reached >= reach - unsettled;
  });
}

/** In the global context while every delivery has settled: what sends later than that waits for it. */
const SETTLED = 'hasSettled';

const WARNING = /sends after it completed/;

const isOnTab = (node: FlowNode) => 'wires' in node;

function onOneTab(nodes: FlowNode[]): FlowNode[] {
  const placed = nodes.map((node) => (isOnTab(node) ? { z: 'tab', x: 0, y: 0, ...node } : node));
  return [{ id: 'tab', type: 'tab', label: 'tab' }, ...placed];
}
