/**
 * What the edit dialogs share. It is built into a plugin that Node-RED loads before the nodes' forms, which find it
 * as the global `FlowerPower`.
 */
import { brokerLabel } from '../fp-mqtt-config/broker-label.ts';
import { outputsOf } from '../fp-subscribe/outputs.ts';
import { defaults } from './defaults.ts';
import { followMode } from './follow-mode.ts';
import { addPaletteWords } from './palette-words.ts';
import { queueLabel } from './queue-label.ts';
import { showWhen } from './show-when.ts';
import { testButton } from './test-button.ts';
import { warnOfUnset } from './unset-variables.ts';
import { addYamlMenu } from './yaml/menu.ts';

Object.assign(globalThis, {
  FlowerPower: {
    brokerLabel,
    defaults,
    followMode,
    outputsOf,
    queueLabel,
    showWhen,
    testButton,
    warnOfUnset,
  },
});

addPaletteWords();
addYamlMenu();
