import { variableName } from '../../src/base/variable.ts';
import { rulesOf } from '../rules.ts';
import { isKnownVariable } from './known-variables.ts';
import { red, type EditorNode } from './red.ts';

/** Prefix of a name that skips the innermost group, tab or subflow. */
const PARENT = /^(\$parent\.)+/;

/**
 * Shows a warning below each field of the open form whose environment variable is not set. Not an error, because the
 * flow may be for another machine.
 */
export function warnOfUnset(node: EditorNode): void {
  const isUnset = new Map<string, boolean>();
  const fields = fieldsOf(node.type);
  const warnings = fields.map(addWarning);
  const show = () => {
    fields.forEach((field, index) => {
      const name = nameIn(field);
      const isWarning = name !== undefined && isUnset.get(name) === true;
      warnings[index]?.text(isWarning ? warningText(name) : '').toggle(isWarning);
    });
  };
  const check = async () => {
    show();
    const names = fields.map(nameIn).filter((name) => name !== undefined);
    const asked = names.filter((name) => !isUnset.has(name) && !isKnownVariable(name, node));
    if (asked.length === 0) return;
    for (const name of asked) isUnset.set(name, false);
    for (const name of await unsetOf(asked)) isUnset.set(name, true);
    show();
  };
  for (const field of fields) field.on('input change', () => void check());
  void check();
}

/** Returns the fields of the node type's properties and credentials. */
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

function warningText(name: string): string {
  return red._('node-red-contrib-flowerpower-mqtt/fp-editor:unset', { name });
}

/** Asks the runtime which variables are not set; returns none if it does not answer. */
async function unsetOf(names: string[]): Promise<string[]> {
  return new Promise((resolve) => {
    // The editor only sends its access token to relative addresses.
    $.getJSON('fp/variables', { names: names.join(',') })
      .done(({ unset }: { unset: string[] }) => resolve(unset))
      .fail(() => resolve([]));
  });
}
