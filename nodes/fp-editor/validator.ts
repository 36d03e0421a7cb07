import { isVariable } from '../../src/base/variable.ts';
import { mistakeIn, type Rule, type Stored } from '../../src/options/rule.ts';

/**
 * Returns the `validate` function of a property, which returns true or the mistake. The editor only shows the text if
 * the function has two parameters (https://nodered.org/docs/creating-nodes/properties#property-validators).
 */
export function validator(rule: Rule<unknown> | undefined, property: string) {
  return function (this: Stored, stored: unknown, _options: unknown): true | string {
    // Node-RED replaces a variable by its value before it starts the node.
    if (rule === undefined || isVariable(stored)) return true;
    return mistakeIn(rule, property, { ...this, ...chosenInForm(), [property]: stored }) ?? true;
  };
}

/**
 * Returns values of the open form that are not in the node yet: types of typed inputs, and selects. Looks in the form only: an
 * import validates every property of every node, and the page has thousands of elements.
 */
function chosenInForm(): Stored {
  const chosen: Stored = {};
  const choices = 'select[id^="node-input-"], input[id^="node-input-"][id$="_type"]';
  $('#dialog-form')
    .find(choices)
    .each((_index, element) => {
      chosen[element.id.replace('node-input-', '')] = $(element).val();
    });
  return chosen;
}
