/** The engine's public face: the only file that nodes/ imports. */
export * from './errors.ts';
export * from './model.ts';
export { openBroker, type Broker, type BrokerCounts } from './mqtt/broker.ts';
export { brokerDefaults, brokerMistakes, type BrokerOptions, type BrokerTls } from './mqtt/options.ts';
export type { Subscriber } from './mqtt/subscriber-inbox.ts';
export type { Subscription } from './mqtt/subscriptions.ts';
export { testConnection } from './mqtt/test-connection.ts';
export { filterMistake, matches } from './mqtt/topic.ts';
export { decode, isPayloadFormat, payloadFormats } from './payload/decode.ts';
export type { DecodeOptions, PayloadFormat } from './payload/decode.ts';
