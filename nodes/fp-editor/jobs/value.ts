import type { EncodedValue } from '../../fp-jobs/answers.ts';
import { red } from '../red.ts';

/** Draws a value like the debug sidebar. Texts of a job are only ever added as text. */
export function valueElement({ msg, format }: EncodedValue): JQuery {
  const isJson = /^(Object|error|map|array|set|number|boolean|bigint)/i.test(format);
  const options = { typeHint: format, hideKey: false, path: '', rootPath: '' };
  // Node-RED encodes null as a text.
  const value = format === 'null' ? null : isJson ? parsed(msg) : msg;
  const shown = red.utils.createObjectElement(value, options);
  return $('<div class="red-ui-debug-msg-payload">').append(shown);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
