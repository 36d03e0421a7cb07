import { withChild } from '../child.ts';
import { drain } from '../drain.ts';
import { jobs, subscribing } from '../flows.ts';
import type { Line } from '../line.ts';
import { alternate, type Row } from '../measured.ts';
import { startBare, startNodeRed } from '../processes.ts';
import { sharedServers } from '../servers.ts';

const MESSAGES = 20_000;
const ROUNDS = 2;

/**
 * Rate of QoS 1 messages that become completed jobs on Redis: Node-RED with this package, and a script without both.
 */
export const mqttToDone: Row = {
  name: 'mqtt-to-done',
  async run({ profile }) {
    const servers = await sharedServers();
    const ours = () =>
      withChild(startNodeRed({ profile }), (child) =>
        drain(servers, MESSAGES, (line) => child.ask('deploy', flow(line))),
      );
    const theirs = () =>
      withChild(startBare(), (child) => drain(servers, MESSAGES, (line) => child.ask('run', line)));
    const [us, them] = await alternate(ROUNDS, ours, theirs);
    const against = 'a script with mqtt.js and BullMQ alone';
    const detail = `${us.toFixed(0)} and ${them.toFixed(0)} messages/s`;
    return [
      { what: 'rate from MQTT to completed job (Redis)', against, value: us / them, atLeast: 0.7, detail },
    ];
  },
};

function flow(line: Line) {
  return [...subscribing(line, 'enqueue'), ...jobs(line, 'redis')];
}
