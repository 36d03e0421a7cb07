import {
  openBroker,
  type Broker,
  type BrokerOptions,
  type BrokerTiming,
  type Connection,
} from '../../src/index.ts';
import { unique } from './unique.ts';

export interface ReportingBroker {
  broker: Broker;
  /** What the connection reported so far. */
  reports: Connection[];
  states: () => Connection['state'][];
}

/** A connection under test to a server on this machine; it reconnects fast. */
export function openReporting(
  server: { port: number },
  more: Partial<BrokerOptions> = {},
  timing: Partial<BrokerTiming> = {},
): ReportingBroker {
  const reports: Connection[] = [];
  const options: Partial<BrokerOptions> = {
    broker: '127.0.0.1',
    port: server.port,
    client_id: unique('client'),
    clean_session: true,
    reconnect_delay: 0.1,
    ...more,
  };
  const broker = openBroker(options, { onConnection: (report) => reports.push(report) }, timing);
  return { broker, reports, states: () => reports.map(({ state }) => state) };
}
