import { isVariable } from '../../src/variable.ts';
import { mistakeIn, type Rule, type Stored } from '../../src/options/rule.ts';

/**
 * The `validate` function of a property: true, or what is wrong. The editor shows the text only of functions with
 * two parameters (https://nodered.org/docs/creating-nodes/properties#property-validators).
 */
export function validator(rule: Rule<unknown> | undefined, property: string) {
  return function (this: Stored, stored: unknown, _options: unknown): true | string {
    // Node-RED puts the variable's value there before the runtime sees it.
    if (rule === undefined || isVariable(stored)) return true;
    return mistakeIn(rule, property, { ...this, ...chosenInForm(), [property]: stored }) ?? true;
  };
}

/** What other fields of the open form hold, which is not in the node yet: a typed input's type, and what is chosen. */
function chosenInForm(): Stored {
  const chosen: Stored = {};
  $('select[id^="node-input-"], input[id^="node-input-"][id$="_type"]').each((_index, element) => {
    chosen[element.id.replace('node-input-', '')] = $(element).val();
  });
  return chosen;
}
