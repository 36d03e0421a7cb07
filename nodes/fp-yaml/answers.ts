/** Answers of the server to the editor's YAML dialogs. */
import type { Problem } from '../../src/index.ts';
import type { FlowNode } from './flow-node.ts';

/** The result of reading a file. */
export interface Read {
  problems: Problem[];
  /** Missing if there is an error. */
  made?: Made;
}

/** The result of an import. */
export interface Made {
  nodes: FlowNode[];
  /** Properties that the file sets, by node ID. */
  explicit: Record<string, string[]>;
  /** Description of the nodes, one sentence each. */
  preview: string[];
  /** The file's `type` is `rq`. */
  rq: boolean;
  /** Python's RQ workers keep running the jobs. */
  keepsPython: boolean;
  /** IDs of nodes whose login is already deployed; the editor can't see deployed logins. */
  deployedLogins: string[];
}

/** A tab as a file. */
export interface Written {
  text: string;
  /** Parts of the tab that the file can't represent, one sentence each. */
  notes: string[];
}
