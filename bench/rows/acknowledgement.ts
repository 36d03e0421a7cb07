import { withChild } from '../child.ts';
import { drain } from '../drain.ts';
import { functionNode, jobs, subscribing } from '../flows.ts';
import { alternate, type Row } from '../measured.ts';
import { startNodeRed } from '../processes.ts';
import { sharedServers } from '../servers.ts';

/** As many as fp-enqueue lets wait: with early acknowledgement the broker sends all it has at once. */
const MESSAGES = 10_000;
const ROUNDS = 2;

/** The delivery ends when the message is stored, so that is when the broker hears of it. */
const SAFE = 'return msg;';

/** A new message is not followed: its delivery ends here, and the broker hears of it before the job is stored. */
const EARLY = `const { topic, payload, qos, retain, pipeline, executionMode, executionTimestamp } = msg;
return { topic, payload, qos, retain, pipeline, executionMode, executionTimestamp };`;

/** What it costs to acknowledge only when the job is stored: the same flow, but for one function node. */
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
