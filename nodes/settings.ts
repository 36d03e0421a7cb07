import { resolve } from 'node:path';
import type { NodeAPI } from 'node-red';
import { openTracing, type Tracing } from '../src/index.ts';

/** This package's settings, in the property `flowerpowerMqtt` of settings.js. */
interface Settings {
  /** Whether `/fp/metrics` has metrics for Prometheus. Default: false */
  metrics: boolean;
  /** Whether messages and jobs are traced with OpenTelemetry. Default: false */
  tracing: boolean;
}

export function settingsOf(RED: NodeAPI): Settings {
  const { flowerpowerMqtt } = RED.settings as { flowerpowerMqtt?: unknown };
  const { metrics, tracing } = Object(flowerpowerMqtt) as Record<string, unknown>;
  return { metrics: metrics === true, tracing: tracing === true };
}

/** Loads OpenTelemetry, if the settings switch it on. @throws GiveUpError if it is not installed */
export function tracingOf(RED: NodeAPI): Tracing | undefined {
  return settingsOf(RED).tracing ? openTracing() : undefined;
}

/** Resolves a path relative to the Node-RED user directory. */
export function inUserDir(RED: NodeAPI, path: string): string {
  return resolve(RED.settings.userDir ?? '.', path);
}
