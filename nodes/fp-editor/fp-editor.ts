/**
 * What the edit dialogs share. It is built into a plugin that Node-RED loads before the nodes' forms, which find it
 * as the global `FlowerPower`.
 */
import { rules as enqueue } from '../fp-enqueue/properties.ts';
import { rules as job } from '../fp-job/properties.ts';
import { brokerLabel } from '../fp-mqtt-config/broker-label.ts';
import { rules as mqttConfig } from '../fp-mqtt-config/properties.ts';
import { rules as pipeline } from '../fp-pipeline/properties.ts';
import { rules as projectConfig } from '../fp-project-config/properties.ts';
import { rules as queueConfig } from '../fp-queue-config/properties.ts';
import { rules as stats } from '../fp-stats/properties.ts';
import { rules as subscribe } from '../fp-subscribe/properties.ts';
import { rules as worker } from '../fp-worker/properties.ts';
import type { Rules } from '../properties.ts';
import { showWhen } from './show-when.ts';
import { testButton } from './test-button.ts';
import { validator } from './validator.ts';
import { addYamlMenu } from './yaml/menu.ts';

const rules: Record<string, Rules> = {
  'fp-mqtt-config': mqttConfig,
  'fp-queue-config': queueConfig,
  'fp-project-config': projectConfig,
  'fp-subscribe': subscribe,
  'fp-enqueue': enqueue,
  'fp-worker': worker,
  'fp-pipeline': pipeline,
  'fp-job': job,
  'fp-stats': stats,
};

Object.assign(globalThis, {
  FlowerPower: {
    brokerLabel,
    valid: (type: string, property: string) => validator(rules[type]?.[property], property),
    showWhen,
    testButton,
  },
});

addYamlMenu();
