/** A node of Node-RED. */
export interface FailedNode {
  id: string;
  type: string;
  name?: string | undefined;
}

/** A failed attempt; times in milliseconds since 1970. */
export interface AttemptNote {
  started: number;
  ended: number;
  /** The node that reported the error. */
  node?: FailedNode | undefined;
}

const LINE = /\n {4}\[attempt (\{.*\})\]$/;

/** Adds a note to the end of a stack, because a store keeps the stacks of a job without another write. */
export function addNote(stack: string, note: AttemptNote): string {
  return `${stack}\n    [attempt ${JSON.stringify(note)}]`;
}

/** Splits a stack and its note; there is none if another program or version ran the attempt. */
export function splitNote(stack: string): { stack: string; note?: AttemptNote } {
  const [line, json] = LINE.exec(stack) ?? [];
  if (line === undefined || json === undefined) return { stack };
  return { stack: stack.slice(0, -line.length), note: JSON.parse(json) as AttemptNote };
}
