/**
 * A real Node-RED in the test's process, with this package installed. Started once for all test files of the process;
 * each test deploys its flows.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import type { Node, NodeAPI } from 'node-red';
import { localSettings, newestNodeRed, prepareUserDir } from '../../scripts/node-red-home.ts';
import { memoryStorage } from './memory-storage.ts';
import { openHandles, type Handles } from './open-handles.ts';
import { temporaryDirectory } from './servers.ts';
import { registerTestNodes } from './test-nodes.ts';
import { until } from './until.ts';

const root = join(__dirname, '../../..');

/** A node in flows.json. */
export type FlowNode = { id: string; type: string } & Record<string, unknown>;

export interface TestNodeRed {
  RED: NodeAPI;
  version: string;
  /** The address of the editor and the admin API. */
  url: string;
  userDir: string;
  /** The flows as Node-RED saves them. */
  saved(): Promise<string>;
  /** Warnings and errors logged since the last `deploy`. */
  log: string[];
  /** Deploys flows and waits until they run. */
  deploy(flows: FlowNode[], type?: 'full' | 'nodes' | 'flows'): Promise<void>;
  node<T extends Node = Node>(id: string): T;
  /** Records every message that a node gets from now on, in order. */
  received(id: string): Record<string, unknown>[];
  /** Returns the latest status of a node. */
  status(id: string): { fill?: string; shape?: string; text?: string };
}

interface Started {
  nodeRed: TestNodeRed;
  /** Open handles while no flow runs, see `openHandles`. */
  idleHandles: Handles;
  /** Stops the flows and closes the connections of editors. */
  rest(): Promise<void>;
  stop(): Promise<void>;
}

let started: Promise<Started> | undefined;

/** Returns the Node-RED of this process. */
export async function sharedNodeRed(): Promise<TestNodeRed> {
  started ??= start();
  return (await started).nodeRed;
}

/** Removes the flows for the next file; returns the handles that Node-RED keeps open. */
export async function restNodeRed(): Promise<Handles> {
  const running = await started;
  await running?.rest();
  return running?.idleHandles ?? {};
}

/** Stops Node-RED if a test started it. */
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
  const storage = memoryStorage();
  const settings = {
    ...localSettings(userDir, port),
    httpNodeRoot: '/',
    storageModule: storage,
    flowerpowerMqtt: { metrics: true },
    logging: { test: { level: 'warn', handler: () => (event: LogEvent) => log.push(textOf(event)) } },
  };
  RED.init(server, settings);
  const statuses = watchStatuses(RED);
  // The (empty) flows of the user directory start after Node-RED.
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
    saved: async () => JSON.stringify(await storage.getFlows()),
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
    // The server no longer tracks sockets that were upgraded to the editor's web socket.
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

/** Adds a tab, and positions, for nodes without a tab. */
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
