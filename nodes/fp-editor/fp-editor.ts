/**
 * Shared parts of the edit dialogs, the YAML dialogs and the Jobs sidebar. Built into a plugin that Node-RED loads before the nodes' forms, which use it as
 * the global `FlowerPower`.
 */
import { brokerLabel } from '../../src/mqtt/address.ts';
import { outputsOf } from '../fp-subscribe/outputs.ts';
import { defaults } from './defaults.ts';
import { followMode } from './follow-mode.ts';
import { addFormStyle, prepareForm } from './form.ts';
import { addJobsSidebar } from './jobs/add-sidebar.ts';
import { addPaletteWords } from './palette-words.ts';
import { queueLabel } from './queue-label.ts';
import { showWhen } from './show-when.ts';
import { testButton } from './test-button.ts';
import { addYamlMenu } from './yaml/menu.ts';

Object.assign(globalThis, {
  FlowerPower: {
    brokerLabel,
    defaults,
    followMode,
    outputsOf,
    prepareForm,
    queueLabel,
    showWhen,
    testButton,
  },
});

addFormStyle();
addPaletteWords();
addYamlMenu();
addJobsSidebar();
