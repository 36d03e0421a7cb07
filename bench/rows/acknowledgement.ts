import { withChild } from '../child.ts';
import { drain } from '../drain.ts';
import { functionNode, jobs, subscribing } from '../flows.ts';
import { alternate, type Row } from '../measured.ts';
import { startNodeRed } from '../processes.ts';
import { sharedServers } from '../servers.ts';

/** The limit of messages that wait in fp-enqueue: with early acknowledgement the broker sends all messages at once. */
const MESSAGES = 10_000;
const ROUNDS = 2;

/** Returns the message itself: it is acknowledged when its job is stored. */
const SAFE = 'return msg;';

/** Returns a new message, which is not followed: the message is acknowledged before its job is stored. */
const EARLY = `const { topic, payload, qos, retain, pipeline, executionMode, executionTimestamp } = msg;
return { topic, payload, qos, retain, pipeline, executionMode, executionTimestamp };`;

/** The cost of acknowledging after the job is stored: the two flows differ in one function node. */
export const acknowledgement: Row = {
  name: 'acknowledgement',
  async run({ profile }) {
    const servers = await sharedServers();
    const rate = (between: string) =>
      withChild(startNodeRed({ profile }), (child) =>
        drain(servers, MESSAGES, (line) => {
          const node = functionNode('between', between, ['enqueue']);
          return child.ask('deploy', [...subscribing(line, 'between'), node, ...jobs(line, 'redis')]);
        }),
      );
    const [safe, early] = await alternate(
      ROUNDS,
      () => rate(SAFE),
      () => rate(EARLY),
    );
    const detail = `${safe.toFixed(0)} and ${early.toFixed(0)} messages/s`;
    const what = 'rate when acknowledged after the job is stored (Redis)';
    return [{ what, against: 'acknowledged before', value: safe / early, atLeast: 0.9, detail }];
  },
};
