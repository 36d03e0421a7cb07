import type { FlowNode } from '../../fp-yaml/flow-node.ts';

export interface Problem {
  severity: 'error' | 'warning';
  path: string;
  line: number;
  column: number;
  message: string;
}

/** What the server says of a file; `nodes` and `preview` are missing if there is an error. */
export interface Read {
  problems: Problem[];
  preview?: string[];
  nodes?: FlowNode[];
  rq?: boolean;
}

export interface Written {
  text: string;
  notes: string[];
}

/** Asks the runtime; the address is relative, since only for these does the editor send its access token. */
export async function ask<T>(question: 'read' | 'write', about: object): Promise<T> {
  const options = { method: 'POST', contentType: 'application/json', data: JSON.stringify(about) };
  return new Promise((resolve, reject) => {
    $.ajax({ url: `fp/yaml/${question}`, ...options })
      .done((answer: T) => resolve(answer))
      .fail((reply) => {
        const { error } = Object(reply.responseJSON) as { error?: string };
        reject(new Error(error ?? reply.statusText));
      });
  });
}
