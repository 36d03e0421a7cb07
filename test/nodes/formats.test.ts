import assert from 'node:assert/strict';
import { broker, sink, subscribe } from '../helpers/flow.ts';
import { sharedMosquitto } from '../helpers/mosquitto.ts';
import { sharedNodeRed, untilStatus, type TestNodeRed } from '../helpers/node-red.ts';
import { pythonSamples } from '../helpers/payload.ts';
import { publisher } from '../helpers/publisher.ts';
import { describeWith } from '../helpers/requires.ts';
import { probe } from '../helpers/test-nodes.ts';
import { unique } from '../helpers/unique.ts';

describeWith(['mosquitto', 'flowerpower'], 'fp-subscribe and the formats', function () {
  let red: TestNodeRed;

  before(async () => {
    red = await sharedNodeRed();
  });
  afterEach(() => red.deploy([]));

  const formats = ['json', 'yaml', 'msgpack', 'pickle', 'protobuf', 'pyarrow'];

  it('decodes a real message of each', async () => {
    const server = sharedMosquitto();
    const topic = unique('topic');
    const now = probe('now');
    const samples = formats.map((format) => {
      const found = pythonSamples().find((sample) => sample.format === format && !sample.refused);
      return { ...(found ?? assert.fail(format)) };
    });
    await red.deploy([
      broker(server),
      ...samples.map(({ format, options }) =>
        subscribe(`${topic}/${format}`, ['now'], {
          id: format,
          execution_mode: 'sync',
          deserialization_format: format,
          ...options,
        }),
      ),
      sink('now'),
    ]);
    for (const { format } of samples) await untilStatus(red, format, /received/);
    const client = await publisher(server);
    for (const { format, data, expected } of samples) {
      const before = now.messages.length;
      await client.publishAsync(`${topic}/${format}`, data, { qos: 1 });
      await now.got(before + 1);
      assert.deepEqual(now.messages.at(-1)?.['payload'], expected, format);
    }
    const schema = now.messages.at(-1)?.['schema'] as { name: string }[];
    assert.equal(schema[0]?.name, 'big', 'a table has its columns in msg.schema');
    await client.endAsync();
  });

  it('a wrong .proto file makes the node red, and says why', async () => {
    const server = sharedMosquitto();
    const properties = {
      deserialization_format: 'protobuf',
      proto_file: 'missing.proto',
      proto_message: 'A',
    };
    await red.deploy([broker(server), subscribe(unique('topic'), [], properties)]);
    assert.equal(red.status('subscribe').fill, 'red');
    assert.match(red.log.join('\n'), /proto_message A cannot be read from .*missing\.proto/);
  });
});
