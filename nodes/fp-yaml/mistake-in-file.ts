import type { CheckValue } from '../../src/index.ts';
import { isVariable } from '../../src/variable.ts';
import { mistakeIn } from '../properties.ts';
import { rulesOf } from '../rules.ts';
import { propertyOf, type SectionName } from './file-keys.ts';

/** Says of a value of an `mqtt_config.yml` what a dialog would say: keys are properties of nodes. */
export const mistakeInFile: CheckValue = (section, key, value) => {
  const [type, name] = propertyOf(section as SectionName, key);
  const rule = rulesOf(type)[name];
  if (!rule || isVariable(value)) return undefined;
  return mistakeIn(rule, name, { [name]: value });
};
