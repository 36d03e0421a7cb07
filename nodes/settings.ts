import type { NodeAPI } from 'node-red';

/** This package's settings, in the property `flowerpowerMqtt` of settings.js. */
export interface Settings {
  /** Whether `/fp/metrics` has metrics for Prometheus. Default: false */
  metrics: boolean;
}

export function settingsOf(RED: NodeAPI): Settings {
  const { metrics } = Object((RED.settings as { flowerpowerMqtt?: unknown }).flowerpowerMqtt) as Record<
    string,
    unknown
  >;
  return { metrics: metrics === true };
}
