/** What the editor's YAML dialogs are answered, in the words of both sides. */
import type { Problem } from '../../src/index.ts';
import type { FlowNode } from './flow-node.ts';

/** What was found in a file. */
export interface Read {
  problems: Problem[];
  /** Missing if there is an error. */
  made?: Made;
}

/** What an import makes. */
export interface Made {
  nodes: FlowNode[];
  /** Which of their properties the file speaks of, by their ids. */
  explicit: Record<string, string[]>;
  /** The same in sentences. */
  preview: string[];
  /** The file names Python's RQ. */
  rq: boolean;
  /** Python's RQ workers keep running the jobs. */
  keepsPython: boolean;
  /** The ids of the nodes whose login in the file is deployed already: the editor knows no deployed login. */
  deployedLogins: string[];
}

/** A tab as a file. */
export interface Written {
  text: string;
  /** What has no place in the file, one sentence each. */
  notes: string[];
}
