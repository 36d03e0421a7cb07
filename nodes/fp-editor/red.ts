/** The parts of the editor's API that this folder uses; Node-RED's own types are incomplete. */
import type { FlowNode } from '../fp-yaml/flow-node.ts';

export interface TrayOptions {
  title: string;
  width: number;
  buttons: { id: string; text: string; class?: string; click: () => void }[];
  open: (tray: JQuery) => void;
  close: () => void;
}

/** Node-RED's code editor: Monaco with Ace's interface, Ace, or a plain text area. */
export interface CodeEditor {
  getValue(): string;
  setValue(text: string, cursor?: number): void;
  resize(): void;
  destroy(): void;
  gotoLine(line: number, column: number): void;
  focus(): void;
  getSession(): { on(event: 'change', listener: () => void): void; setAnnotations?(marks: object[]): void };
  getModel?(): unknown;
}

/** A node, a group, a tab or a subflow. */
export interface EditorNode {
  id: string;
  type: string;
  name?: string;
  /** ID of its tab or subflow. */
  z?: string;
  /** ID of its group. */
  g?: string;
  env?: { name: string }[];
  changed?: boolean;
  moved?: boolean;
}

interface NodeDefinition {
  category: string;
  defaults?: Record<string, { value?: unknown }>;
  credentials?: Record<string, object>;
}

interface NotifyOptions {
  type: string;
  timeout?: number;
  modal?: boolean;
  fixed?: boolean;
  buttons?: { text: string; class?: string; click: () => void }[];
}

export interface EditorRed {
  _: (key: string, values?: Record<string, string>) => string;
  /** Topics end with `/#` for all below. */
  comms: { subscribe(topic: string, listener: (topic: string, data: unknown) => void): void };
  actions: { add(name: string, run: () => void, options: { label: string }): void };
  /** Also works where the page has no HTTPS; returns whether it did. */
  clipboard: { copyText(text: string): boolean };
  events: { on(event: 'registry:node-type-added', listener: (type: string) => void): void };
  editor: { createEditor(options: object): CodeEditor };
  history: { push(event: object): void };
  menu: { addItem(menu: string, item: object): void };
  nodes: {
    clear(): void;
    createCompleteNodeSet(): FlowNode[];
    dirty(dirty?: boolean): boolean;
    eachConfig(visit: (node: EditorNode) => void): void;
    filterNodes(filter: { type: string }): EditorNode[];
    getType(type: string): NodeDefinition | undefined;
    group(id: string): EditorNode | null | undefined;
    import(nodes: FlowNode[]): { nodes: EditorNode[] };
    node(id: string): EditorNode | null | undefined;
    subflow(id: string): EditorNode | null | undefined;
    version(revision?: unknown): unknown;
    workspace(id: string): EditorNode | null | undefined;
  };
  /** Takes a text as HTML. */
  notify(text: string | JQuery, options: NotifyOptions): { close(): void };
  palette: { refresh(): void };
  plugins: { registerPlugin(id: string, plugin: { onadd: () => void }): void };
  sidebar: { config: { refresh(): void }; addTab(tab: object): void; show(id: string): void };
  tabs: {
    create(options: { element: JQuery; onchange: (tab: { id: string } | null) => void }): {
      addTab(tab: { id: string; label: string }): void;
    };
  };
  tray: { show(options: TrayOptions): void; close(): void };
  user: { hasPermission(permission: string): boolean };
  utils: { createObjectElement(value: unknown, options: object): JQuery };
  view: {
    importNodes(nodes: FlowNode[], options: object): void;
    redraw(update: boolean): void;
    /** Shows a node on the canvas, highlighted. */
    reveal(id: string): void;
  };
  workspaces: { active(): string; refresh(): void; show(id: string): void };
}

export const { RED: red } = globalThis as unknown as { RED: EditorRed };
