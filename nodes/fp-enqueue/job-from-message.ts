import type { NodeAPI, NodeMessage } from 'node-red';
import { OptionsError, type JobMessage, type NewJob } from '../../src/index.ts';
import type { Properties } from '../properties.ts';
import { deliveryProperty } from '../settlement/settlement.ts';
import type { rules } from './properties.ts';

type EnqueueProperties = Properties<typeof rules>;

/** Name of a job without a pipeline. */
const UNNAMED = 'job';

/** Properties that Node-RED or this package adds for the current flow; they are not stored. */
const FLOW_PROPERTIES = [deliveryProperty, '_msgid', '_event', '_linkSource', 'job'];

/** Properties of an http in node, which answer the request; kept in the message that waits for the result. */
const REQUEST_PROPERTIES = ['req', 'res'];

/** Returns the job for a message. */
export function jobFromMessage(RED: NodeAPI, msg: NodeMessage, properties: EnqueueProperties): NewJob {
  const read = propertyReader(RED, msg, properties);
  const name = read.text('pipeline');
  const priority = read.number('priority');
  const delay = read.number('delay');
  const attempts = read.number('attempts');
  const id = read.text('deduplication');
  const ttl = Math.round(properties.deduplication_ttl * 1000);
  return {
    name: name ?? UNNAMED,
    msg: content(msg, properties.wait ? [...FLOW_PROPERTIES, ...REQUEST_PROPERTIES] : FLOW_PROPERTIES),
    ...(priority !== undefined && { priority }),
    ...(delay !== undefined && { delay }),
    ...(attempts !== undefined && { attempts }),
    ...(id !== undefined && { deduplication: ttl > 0 ? { id, ttl } : { id } }),
  };
}

function content(msg: object, left: string[]): JobMessage {
  return Object.fromEntries(Object.entries(msg).filter(([name]) => !left.includes(name)));
}

type Fixed = 'priority' | 'delay' | 'attempts';
type Named = 'pipeline' | 'deduplication';

/** Reads values that are fixed in the dialog, or properties of the message that the dialog names. */
function propertyReader(RED: NodeAPI, msg: NodeMessage, properties: EnqueueProperties) {
  const value = (name: Fixed | Named): unknown => {
    const stored = properties[name];
    if (stored === '') return undefined;
    const found: unknown =
      properties[`${name}_type`] === 'msg' ? RED.util.getMessageProperty(msg, stored) : stored;
    return found === '' || found === null ? undefined : found;
  };
  return {
    text(name: Named): string | undefined {
      const found = value(name);
      if (found === undefined || typeof found === 'string') return found;
      if (typeof found === 'number') return `${found}`;
      throw new OptionsError([`msg.${properties[name]} must be text, found ${typeof found}`]);
    },
    number(name: Fixed): number | undefined {
      const found = value(name);
      if (found === undefined) return undefined;
      const number = Number(found);
      if (Number.isFinite(number)) return number;
      throw new OptionsError([`msg.${properties[name]} must be a number, found ${JSON.stringify(found)}`]);
    },
  };
}
