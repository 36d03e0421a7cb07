import type { NodeAPI, NodeMessage } from 'node-red';
import { OptionsError } from '../../src/index.ts';
import { sharedBy } from '../config-node.ts';
import type { QueueConfig } from '../fp-queue-config/fp-queue-config.ts';
import { registerNode, type Opening, onInput } from '../register-node.ts';
import { connectionStatus, counted, switchedOff } from '../status.ts';
import { runCommand, type Command } from './run-command.ts';
import { rules } from './properties.ts';

export default function register(RED: NodeAPI): void {
  registerNode(RED, { type: 'fp-control', rules, open });
}

function open({ RED, node, properties, status, onClose }: Opening<typeof rules>): void {
  const config = sharedBy<QueueConfig>(RED, properties.queue, 'queue');
  if (config.enabled) onClose(config.use((connection) => status.show(connectionStatus(connection))).release);
  else status.show(switchedOff);

  onInput(node, async (msg, send) => {
    if (!config.enabled) throw new OptionsError(['the queue is switched off']);
    const command = commandOf(properties, msg);
    const result = await runCommand(config, command);
    status.show({ fill: 'green', shape: 'dot', text: `${command.name}${outcomeOf(result)}` });
    const queue = config.properties.queue_name;
    send({ ...msg, payload: { command: command.name, queue, ...result } });
  });
}

function outcomeOf({ changed, workers }: Record<string, unknown>): string {
  if (typeof changed === 'number') return `: ${counted(changed, 'job')}`;
  return typeof workers === 'number' ? `: ${counted(workers, 'worker')}` : '';
}

/** Properties of a message. */
type Given = 'command' | 'state' | 'jobId' | 'cursor' | 'group' | 'search' | 'perSecond';

/** A fixed command ignores `msg.state`: a message must not make it remove other jobs. */
function commandOf({ command, state }: Opening<typeof rules>['properties'], msg: NodeMessage): Command {
  const given = msg as NodeMessage & Record<Given, unknown>;
  const { jobId: id, cursor, group, search, perSecond } = given;
  const selection = { id, cursor, group, search, perSecond };
  if (command !== 'msg') return { name: command, state, ...selection };
  return { name: String(given.command).slice(0, 100), state: given.state, ...selection };
}
