import { variableName } from '../../src/variable.ts';
import { rulesOf } from '../rules.ts';
import { isKnownVariable } from './known-variables.ts';
import { red, type EditorNode } from './red.ts';

/** In front of a name: skips the innermost place that sets the variable. */
const PARENT = /^(\$parent\.)+/;

/**
 * Warns below each field of the open form that names an environment variable which is not set. It is no mistake in the
 * form: the flow may be meant for another machine.
 */
export function warnOfUnset(node: EditorNode): void {
  const isUnset = new Map<string, boolean>();
  const fields = fieldsOf(node.type);
  const warnings = fields.map(addWarning);
  const show = () => {
    fields.forEach((field, index) => {
      const name = nameIn(field);
      const isWarning = name !== undefined && isUnset.get(name) === true;
      warnings[index]?.text(isWarning ? words(name) : '').toggle(isWarning);
    });
  };
  const look = async () => {
    show();
    const names = fields.map(nameIn).filter((name) => name !== undefined);
    const asked = names.filter((name) => !isUnset.has(name) && !isKnownVariable(name, node));
    if (asked.length === 0) return;
    for (const name of asked) isUnset.set(name, false);
    for (const name of await unsetOf(asked)) isUnset.set(name, true);
    show();
  };
  for (const field of fields) field.on('input change', () => void look());
  void look();
}

/** Those that take a value of this type of node. */
function fieldsOf(type: string): JQuery[] {
  const { category, credentials = {} } = red.nodes.getType(type) ?? { category: '' };
  const prefix = category === 'config' ? 'node-config-input' : 'node-input';
  const names = [...Object.keys(rulesOf(type)), ...Object.keys(credentials)];
  return names.map((name) => $(`input#${prefix}-${name}`)).filter((field) => field.length > 0);
}

function addWarning(field: JQuery): JQuery {
  const warning = $('<div class="form-tips fp-unset-variable" style="margin-top: 6px">');
  return warning.hide().appendTo(field.closest('.form-row'));
}

function nameIn(field: JQuery): string | undefined {
  return variableName(field.val())?.replace(PARENT, '');
}

function words(name: string): string {
  return red._('node-red-contrib-flowerpower-mqtt/fp-editor:unset', { name });
}

/** Which of these variables the runtime does not have; none if it does not answer. */
async function unsetOf(names: string[]): Promise<string[]> {
  return new Promise((resolve) => {
    // A relative address: only for these does the editor send its access token.
    $.getJSON('fp/variables', { names: names.join(',') })
      .done(({ unset }: { unset: string[] }) => resolve(unset))
      .fail(() => resolve([]));
  });
}
