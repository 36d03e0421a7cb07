import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { closing } from '../../../helpers/closing.ts';
import { inputsOf, projectWith, pythonSource } from '../../../helpers/project.ts';
import { flowerpowerAlone, flowerpowerPython } from '../../../helpers/python.ts';
import { sharedRedis } from '../../../helpers/redis.ts';
import { describeWith } from '../../../helpers/requires.ts';
import { openRqBench, resultOf, runBurst } from '../../../helpers/rq.ts';
import { temporaryDirectory } from '../../../helpers/servers.ts';

/** The function that docs/rq.md shows. */
function functionOfTheDocs(): string {
  const page = readFileSync(join(__dirname, '../../../../../docs/rq.md'), 'utf8');
  return /```python\n([^]*?)```/.exec(page)?.[1] ?? assert.fail('docs/rq.md has no function');
}

describeWith(['redis', 'flowerpower'], 'a FlowerPower pipeline that RQ workers run', function () {
  const later = closing();

  it("gives what Python's own run of it gives, by the function of docs/rq.md", async () => {
    const path = temporaryDirectory('python');
    mkdirSync(join(path, 'plant'));
    writeFileSync(join(path, 'plant', 'jobs.py'), functionOfTheDocs());
    const base_dir = projectWith({
      'sensor.py': pythonSource(
        'return {"mean": sum(mqtt_message["values"]) / 3, "topic": mqtt_topic, "got": mqtt_message}',
      ),
    });
    const messages = [
      { values: [1, 2.5, -3], name: 'ü😀' },
      { values: [2 ** 40, 0.1, 0.2], deep: { list: [null, true, 'x'] } },
      { values: [0, 0, 0], big: 123456789012345678901234567890n },
    ];
    const bench = openRqBench(sharedRedis().port, { function: 'plant.jobs.run', base_dir });
    later(() => bench.close());
    const added = await Promise.all(
      messages.map((payload) =>
        bench.producer.add({ name: 'sensor', msg: { payload, topic: 'sensors/1', qos: 1 } }),
      ),
    );
    await runBurst(flowerpowerPython ?? '', { port: sharedRedis().port, queue: bench.queue, path });
    const alone = flowerpowerAlone(
      base_dir,
      'sensor',
      messages.slice(0, 2).map((one) => inputsOf(one)),
    ) as object[];
    for (const [index, expected] of alone.entries()) {
      const result = await resultOf(bench, added[index]?.id ?? '');
      assert.deepEqual('value' in result ? result.value : result, expected);
    }
    const last = await resultOf(bench, added[2]?.id ?? '');
    const { result } = ('value' in last ? last.value : {}) as { result: { got: unknown } };
    assert.deepEqual(result.got, messages[2]);
  });
});
