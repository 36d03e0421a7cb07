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
  /** States reported by the connection. */
  reports: Connection[];
  /** Their states; attempts of one outage, which may have several reasons, count once. */
  states: () => Connection['state'][];
}

/** Opens a connection under test to a local server, with fast reconnects. */
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
  const states = () => {
    const all = reports.map(({ state }) => state);
    return all.filter((state, index) => state !== all[index - 1]);
  };
  return { broker, reports, states };
}
