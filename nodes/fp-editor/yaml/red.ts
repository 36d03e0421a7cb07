/** What the YAML dialogs use of the editor; its published types know only some of it. */
import type { FlowNode } from '../../fp-yaml/flow-node.ts';

export interface TrayOptions {
  title: string;
  width: number;
  buttons: { id: string; text: string; class?: string; click: () => void }[];
  open: (tray: JQuery) => void;
  close: () => void;
}

/** Monaco behind the interface of Ace, or Ace, or a plain text area. */
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

interface EditorNode {
  id: string;
  changed?: boolean;
  moved?: boolean;
}

export interface EditorRed {
  _: (key: string) => string;
  actions: { add(name: string, run: () => void, options: { label: string }): void };
  editor: { createEditor(options: object): CodeEditor };
  history: { push(event: object): void };
  menu: { addItem(menu: string, item: object): void };
  nodes: {
    clear(): void;
    createCompleteNodeSet(): FlowNode[];
    dirty(dirty?: boolean): boolean;
    getType(type: string): { defaults?: Record<string, { value?: unknown }> } | undefined;
    import(nodes: FlowNode[]): { nodes: EditorNode[] };
    node(id: string): EditorNode | null | undefined;
    version(revision?: unknown): unknown;
  };
  notify(text: string, options: { type: string; timeout?: number }): void;
  palette: { refresh(): void };
  plugins: { registerPlugin(id: string, plugin: { onadd: () => void }): void };
  sidebar: { config: { refresh(): void } };
  tray: { show(options: TrayOptions): void; close(): void };
  view: { importNodes(nodes: FlowNode[], options: object): void; redraw(update: boolean): void };
  workspaces: { active(): string; refresh(): void; show(id: string): void };
}

export const { RED: red } = globalThis as unknown as { RED: EditorRed };

const catalog = 'node-red-contrib-flowerpower-mqtt/fp-yaml';

/** A label in the user's language. */
export function label(key: string): string {
  return red._(`${catalog}:${key}`);
}
