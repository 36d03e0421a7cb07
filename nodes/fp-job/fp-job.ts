import { inspect } from 'node:util';
import type { NodeAPI, NodeMessage } from 'node-red';
import { GiveUpError, OptionsError, PostponedError, type Attempt } from '../../src/index.ts';
import { registerNode, type Opening, onInput } from '../register-node.ts';
import { openSettlement } from '../settlement/settlement.ts';
import { rules } from './properties.ts';

export default function register(RED: NodeAPI): void {
  registerNode(RED, { type: 'fp-job', rules, open });
}

function open(opening: Opening<typeof rules>): void {
  const { RED, node, properties, onClose } = opening;
  const settlement = openSettlement(RED, node);
  onClose(() => settlement.close());

  onInput(node, async (msg, send) => {
    const { attempt } = settlement.contextOf(msg);
    if (!attempt) throw new OptionsError(['the message belongs to no running job']);
    const value = () => readValue(opening, msg);
    switch (properties.action) {
      case 'progress':
        await attempt.progress(await value());
        break;
      case 'log':
        await attempt.log(asText(await value()));
        break;
      case 'result':
        attempt.setResult(await value());
        break;
      case 'fail':
        throw fail(attempt, asText(await value()), properties.again);
      case 'give_back':
      default:
        // Send no message: the whole job runs again.
        attempt.end(new PostponedError(properties.delay * 1000));
        return;
    }
    send(msg);
  });
}

/** Fails the job now, even if other nodes still hold its message. */
function fail(attempt: Attempt, message: string, again: boolean): Error {
  const error = again ? new Error(message) : new GiveUpError(message);
  attempt.end(error);
  return error;
}

/** Reads the value that the dialog selects: from the message, a context or a constant. */
function readValue({ RED, node, properties }: Opening<typeof rules>, msg: NodeMessage): Promise<unknown> {
  const { value, value_type } = properties;
  return new Promise((resolve, reject) => {
    RED.util.evaluateNodeProperty(value, value_type, node, msg, (error, found) => {
      if (error) reject(error);
      else resolve(found);
    });
  });
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : inspect(value);
}
