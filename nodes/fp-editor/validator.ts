import { isVariable, mistakeIn, type Rule, type Stored } from '../properties.ts';

/**
 * The `validate` function of a property: true, or what is wrong. The editor shows the text only of functions with
 * two parameters (https://nodered.org/docs/creating-nodes/properties#property-validators).
 */
export function validator(rule: Rule<unknown> | undefined, property: string) {
  return function (this: Stored, stored: unknown, _options: unknown): true | string {
    if (rule === undefined || isVariable(stored)) return true;
    const mistake = mistakeIn(rule, property, { ...this, ...typeInForm(property), [property]: stored });
    return mistake === undefined ? true : `${property} ${mistake}`;
  };
}

/** The type of a typed input is not in the node yet while its form is open. */
function typeInForm(property: string): Stored {
  const name = `${property}_type`;
  const type = $(`#node-input-${name}`).val();
  return type === undefined ? {} : { [name]: type };
}
