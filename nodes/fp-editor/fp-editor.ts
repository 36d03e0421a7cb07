/**
 * What the edit dialogs share. It is built into a plugin that Node-RED loads before the nodes' forms, which find it
 * as the global `FlowerPower`.
 */
import { brokerLabel } from '../fp-mqtt-config/broker-label.ts';
import { outputsOf } from '../fp-subscribe/outputs.ts';
import { rulesOf } from '../rules.ts';
import { followMode } from './follow-mode.ts';
import { showWhen } from './show-when.ts';
import { testButton } from './test-button.ts';
import { warnOfUnset } from './unset-variables.ts';
import { validator } from './validator.ts';
import { addYamlMenu } from './yaml/menu.ts';

Object.assign(globalThis, {
  FlowerPower: {
    brokerLabel,
    valid: (type: string, property: string) => validator(rulesOf(type)[property], property),
    followMode,
    outputsOf,
    showWhen,
    testButton,
    warnOfUnset,
  },
});

addYamlMenu();
