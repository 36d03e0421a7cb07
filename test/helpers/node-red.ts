/**
 * A real Node-RED in the test's process, with this package installed: started once for all test files that the process
 * runs, and given flows by each test.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import type { Node, NodeAPI } from 'node-red';
import { localSettings, newestNodeRed, prepareUserDir } from '../../scripts/node-red-home.ts';
import { openHandles, type Handles } from './open-handles.ts';
import { temporaryDirectory } from './servers.ts';
import { registerTestNodes } from './test-nodes.ts';
import { until } from './until.ts';

const root = join(__dirname, '../../..');

/** A node as flows.json has it. */
export type FlowNode = { id: string; type: string } & Record<string, unknown>;

export interface TestNodeRed {
  RED: NodeAPI;
  version: string;
  /** The address of the editor and the admin API. */
  url: string;
  userDir: string;
  /** What Node-RED logged since the last `deploy`, warnings and errors only. */
  log: string[];
  /** Deploys flows and waits until they run. */
  deploy(flows: FlowNode[], type?: 'full' | 'nodes' | 'flows'): Promise<void>;
  node<T extends Node = Node>(id: string): T;
  /** Every message that a node gets from now on, in order. */
  received(id: string): Record<string, unknown>[];
  /** The newest status of a node. */
  status(id: string): { fill?: string; shape?: string; text?: string };
}

interface Started {
  nodeRed: TestNodeRed;
  /** What keeps the process alive while no flow runs, see `openHandles`. */
  idleHandles: Handles;
  /** Ends the flows and the connections of editors. */
  rest(): Promise<void>;
  stop(): Promise<void>;
}

let started: Promise<Started> | undefined;

/** The Node-RED of this process. */
export async function sharedNodeRed(): Promise<TestNodeRed> {
  started ??= start();
  return (await started).nodeRed;
}

/** Leaves Node-RED without flows for the next file; gives the handles that it keeps open itself. */
export async function restNodeRed(): Promise<Handles> {
  const running = await started;
  await running?.rest();
  return running?.idleHandles ?? {};
}

/** Stops it, if a test started it. */
export async function stopNodeRed(): Promise<void> {
  await (await started)?.stop();
}

async function start(): Promise<Started> {
  const userDir = temporaryDirectory('node-red');
  prepareUserDir(userDir, root);
  const RED = require(newestNodeRed());
  const server = createServer((request, response) =>
    RED.httpNode(request, response, () => RED.httpAdmin(request, response)),
  );
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  const port = await listen(server);
  const log: string[] = [];
  const settings = {
    ...localSettings(userDir, port),
    httpNodeRoot: '/',
    logging: { test: { level: 'warn', handler: () => (event: LogEvent) => log.push(textOf(event)) } },
  };
  RED.init(server, settings);
  const statuses = watchStatuses(RED);
  // The flows of the user directory, of which there are none, start after Node-RED has.
  const ready = new Promise((resolve) => RED.events.once('flows:started', resolve));
  await RED.start();
  await ready;
  registerTestNodes(RED);

  const node = (id: string) => {
    const found = RED.nodes.getNode(id);
    if (!found) throw new Error(`there is no node ${id}`);
    return found;
  };
  const nodeRed: TestNodeRed = {
    RED,
    version: RED.version(),
    url: `http://127.0.0.1:${port}`,
    userDir,
    log,
    async deploy(flows, type = 'full') {
      log.length = 0;
      const running = new Promise((resolve) => RED.events.once('flows:started', resolve));
      await RED.runtime.flows.setFlows({ flows: { flows: withTab(flows) }, deploymentType: type, req: {} });
      await running;
    },
    node,
    received(id) {
      const messages: Record<string, unknown>[] = [];
      node(id).on('input', (msg: Record<string, unknown>) => messages.push(msg));
      return messages;
    },
    status: (id) => statuses.get(id) ?? {},
  };
  const idleHandles = openHandles();
  const rest = async () => {
    await nodeRed.deploy([]);
    // Those of the editor's web socket are not the server's any more.
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  const stop = async () => {
    await rest();
    await RED.stop();
    await new Promise((resolve) => server.close(resolve));
  };
  return { nodeRed, idleHandles, rest, stop };
}

interface LogEvent {
  msg: unknown;
  type?: string;
  name?: string;
}

function textOf({ msg, type, name }: LogEvent): string {
  const { message } = Object(msg) as { message?: string };
  const text = message ?? (typeof msg === 'string' ? msg : JSON.stringify(msg));
  return type ? `[${type}:${name ?? ''}] ${text}` : text;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function watchStatuses(RED: { events: { on(event: string, listener: (event: never) => void): void } }) {
  const statuses = new Map<string, object>();
  RED.events.on('node-status', ({ id, status }: { id: string; status: object }) => statuses.set(id, status));
  return statuses;
}

/** Tests write nodes only: what stands on no tab gets one, with a place on it. */
export function withTab(flows: FlowNode[]): FlowNode[] {
  if (flows.some(({ type }) => type === 'tab')) return flows;
  const isConfig = ({ type }: FlowNode) => type.endsWith('-config') || type === 'mqtt-broker';
  const placed = flows.map((node) =>
    isConfig(node) ? node : { z: 'test-tab', x: 100, y: 100, wires: [], ...node },
  );
  return [{ id: 'test-tab', type: 'tab', label: 'test' }, ...placed];
}

/** Waits until a node's status has this text. */
export function untilStatus(nodeRed: TestNodeRed, id: string, text: RegExp | string): Promise<unknown> {
  return until(`node ${id} shows ${String(text)}`, () => {
    const shown = nodeRed.status(id).text ?? '';
    return typeof text === 'string' ? shown === text : text.test(shown);
  });
}
