import assert from 'node:assert/strict';
import { describeEditor } from '../helpers/describe-editor.ts';
import { ImportDialog } from '../helpers/import-dialog.ts';
import { sharedMosquitto } from '../helpers/mosquitto.ts';
import type { PayloadFormat } from '../../src/index.ts';
import { payloadFormats } from '../../src/payload/formats.ts';
import { pythonSamples, type Sample } from '../helpers/payload.ts';
import { projectWith } from '../helpers/project.ts';
import { publisher } from '../helpers/publisher.ts';
import { unique } from '../helpers/unique.ts';
import { until } from '../helpers/until.ts';

const own: Partial<Record<PayloadFormat, [data: Buffer, expected: unknown]>> = {
  text: [Buffer.from('21.5 °C'), '21.5 °C'],
  buffer: [Buffer.from([0, 1, 255]), Buffer.from([0, 1, 255])],
  auto: [Buffer.from('{"celsius": 21.5}'), { celsius: 21.5 }],
};

/** Returns a sample of a format from Python, or our own if there is none. */
function sampleOf(format: PayloadFormat): Pick<Sample, 'format' | 'data' | 'expected' | 'options'> {
  const [data, expected] = own[format] ?? [];
  if (data) return { format, data, expected, options: {} };
  return pythonSamples().find((sample) => sample.format === format) ?? assert.fail(format);
}

describeEditor('a YAML file with every format', ['mosquitto', 'flowerpower'], (editor) => {
  it('is imported, deploys, and receives a real message of each', async () => {
    const { port } = sharedMosquitto();
    const topic = unique('formats');
    const samples = payloadFormats.map(sampleOf);
    const base_dir = projectWith({ 'same.mjs': 'export default ({ mqtt_message }) => mqtt_message;' });
    const lines = samples.map(({ format, options: { proto_file, proto_message } }) => {
      const proto = proto_file ? `, proto_file: "${proto_file}", proto_message: "${proto_message}"` : '';
      return `  - {topic: "${topic}/${format}", pipeline: "same", qos: 1, deserialization_format: "${format}"${proto}}`;
    });
    const dialog = new ImportDialog(editor());
    await dialog.open();
    await dialog.choose(
      'formats.yml',
      `mqtt: {broker: "127.0.0.1", port: ${port}}\nsubscriptions:\n${lines.join('\n')}\nbase_dir: "${base_dir}"\n`,
    );
    await dialog.import();
    await editor().deploy();
    const ids = await editor().ids('fp-subscribe');
    for (const id of ids) await editor().untilStatus(id, /received/);
    const results = await editor().page.evaluate<string>(
      "RED.nodes.filterNodes({}).find(({ name }) => name === 'done now').id",
    );
    const done = editor().nodeRed.received(results);
    const client = await publisher({ port });
    for (const { format, data, expected } of samples) {
      const before = done.length;
      await client.publishAsync(`${topic}/${format}`, data, { qos: 1 });
      await until(`${format} has run`, () => done.length > before);
      assert.deepEqual(done.at(-1)?.['payload'], expected, format);
    }
    await client.endAsync();
    await editor().picture('yaml formats');
  });
});
