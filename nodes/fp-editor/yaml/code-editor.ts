import type { Problem } from '../../../src/index.ts';
import { red, type CodeEditor } from '../red.ts';

interface Monaco {
  editor: { setModelMarkers(model: unknown, owner: string, markers: object[]): void };
}

/** Opens Node-RED's code editor for YAML in the element with this ID. */
export function openCodeEditor(id: string, value = ''): CodeEditor {
  return red.editor.createEditor({ id, mode: 'ace/mode/yaml', value });
}

/** Marks lines with problems, if the code editor supports it. */
export function markProblems(editor: CodeEditor, problems: Problem[]): void {
  const { monaco } = globalThis as { monaco?: Monaco };
  const model = editor.getModel?.();
  if (monaco && model) monaco.editor.setModelMarkers(model, 'flowerpower', problems.map(marker));
  else editor.getSession().setAnnotations?.(problems.map(annotation));
}

/** Monaco's severities: 8 is an error, 4 a warning. */
function marker({ severity, line, column, path, message }: Problem): object {
  return {
    severity: severity === 'error' ? 8 : 4,
    message: `${path} ${message}`,
    startLineNumber: line,
    startColumn: column,
    endLineNumber: line,
    endColumn: 1000,
  };
}

function annotation({ severity, line, column, path, message }: Problem): object {
  return { row: line - 1, column: column - 1, text: `${path} ${message}`, type: severity };
}
