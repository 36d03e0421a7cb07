import { red } from './red.ts';
import { showTabs } from './tabs.ts';
import { warnOfUnset } from './unset-variables.ts';

/** Labels of one width that do not wrap, so that the boxes behind them align; a long label is explained by its text behind the box. */
const style = `
.fp-form .form-row > label:first-of-type { width: 120px; white-space: nowrap; }
`;

/** Prepares the form that has just opened: its labels, tabs, and warnings of environment variables that are not set. */
export function prepareForm(node: Parameters<typeof showTabs>[1]): void {
  const { category } = red.nodes.getType(node.type) ?? { category: '' };
  const name = category === 'config' ? '#node-config-input-name' : '#node-input-name';
  const form = $(name).closest('form');
  form.addClass('fp-form');
  showTabs(form, node);
  warnOfUnset(node);
}

export function addFormStyle(): void {
  $('<style>').text(style).appendTo(document.head);
}
