/** What of a broker connection holds where nothing is said, in the engine, the YAML and the dialog alike. */
export const sharedBrokerDefaults = {
  keepalive: 60,
  reconnect_delay: 5,
  window: 1000,
  qos0_buffer: 1000,
  qos0_drop: 'oldest',
} as const;
