import { startHivemq } from '../helpers/hivemq.ts';
import { startMosquitto } from '../helpers/mosquitto.ts';
import type { Server } from '../helpers/servers.ts';

/** As many messages may be in flight to Node-RED as it takes at once. */
const mosquittoConfig = ['allow_anonymous true', 'max_inflight_messages 100'];

/** Starts each broker that a campaign may use, again with `earlier`: it then has its sessions and messages. */
export const brokers = {
  mosquitto: (earlier?: Earlier) => startMosquitto({ ...earlier, config: mosquittoConfig, savesAtEnd: true }),
  hivemq: startHivemq,
} satisfies Record<string, (earlier?: Earlier) => Promise<Server>>;

export type BrokerName = keyof typeof brokers;

interface Earlier {
  port: number;
  directory: string;
}
