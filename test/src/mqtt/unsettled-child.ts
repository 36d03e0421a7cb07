/** A process that subscribes with a persistent session, reports received messages, and never settles a delivery. */
import { openBroker } from '../../../src/index.ts';

const [port, clientId, filter] = process.argv.slice(2);
const broker = openBroker(
  { broker: '127.0.0.1', port: Number(port), client_id: clientId, clean_session: false },
  { onConnection: ({ state }) => console.log(state) },
);
broker.subscribe({
  id: 'node',
  filter: filter ?? '#',
  qos: 2,
  onState: ({ state }) => console.log(state),
  receive: ({ payload }) => {
    console.log(payload.toString());
    return new Promise(() => undefined);
  },
});
broker.connect();
