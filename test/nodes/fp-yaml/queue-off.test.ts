import assert from 'node:assert/strict';
import { toFlow } from '../../../nodes/fp-yaml/to-flow.ts';
import { valid } from '../../helpers/config.ts';
import { sharedMosquitto } from '../../helpers/mosquitto.ts';
import { sharedNodeRed, untilStatus } from '../../helpers/node-red.ts';
import { projectWith } from '../../helpers/project.ts';
import { publisher } from '../../helpers/publisher.ts';
import { describeWith } from '../../helpers/requires.ts';
import { unique } from '../../helpers/unique.ts';
import { until } from '../../helpers/until.ts';

describeWith(['mosquitto'], 'the flow of a file whose queue is switched off', () => {
  it('runs the messages of every mode, in order', async () => {
    const [red, { port }, topic] = [await sharedNodeRed(), sharedMosquitto(), unique('off')];
    const base_dir = projectWith({ 'same.mjs': 'export default ({ mqtt_message }) => mqtt_message;' });
    const modes = ['sync', 'async', 'mixed'];
    const subscriptions = modes.map(
      (mode) => `{topic: "${topic}/${mode}", pipeline: "same", qos: 1, execution_mode: "${mode}"}`,
    );
    const text = `mqtt: {broker: "127.0.0.1", port: ${port}}
subscriptions: [${subscriptions.join(', ')}]
job_queue: {enabled: false}
base_dir: "${base_dir}"`;
    // The editor adds defaults of properties without a key in the file.
    const nodes = toFlow(valid(text), topic).map((node) =>
      node.type === 'fp-project-config' ? { ...node, python: 'python3' } : node,
    );
    await red.deploy(nodes);
    for (const { id, type } of nodes) if (type === 'fp-subscribe') await untilStatus(red, id, '0 received');
    const done = red.received(nodes.find(({ name }) => name === 'done now')?.id ?? '');
    const client = await publisher({ port });
    for (const mode of modes) {
      for (const number of [1, 2, 3]) await client.publishAsync(`${topic}/${mode}`, `${number}`, { qos: 1 });
    }
    await client.endAsync();
    await until('all have run', () => done.length === 9);
    for (const mode of modes) {
      const ofMode = done.filter((msg) => msg['topic'] === `${topic}/${mode}`);
      assert.deepEqual(
        ofMode.map(({ payload }) => payload),
        [1, 2, 3],
        mode,
      );
    }
  });
});
