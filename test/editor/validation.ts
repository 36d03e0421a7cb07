import assert from 'node:assert/strict';
import { describeEditor } from '../helpers/describe-editor.ts';
import { openNew, openNewConfig } from '../helpers/new-node.ts';

/** Text typed into a field, and the expected mistake. */
interface Attempt {
  wrong: string;
  words: RegExp;
  right: string[];
}

describeEditor('a field of a dialog', [], (editor) => {
  it('is red, with an explanation, while its value is invalid', async () => {
    await openNew(editor(), 'fp-subscribe');
    await typeWrongThenRight('topic', { wrong: 'a/#/b', words: /#/, right: ['a/#', '$share/group/a/+'] });
    await typeWrongThenRight('max_payload', {
      wrong: '1.5',
      words: /whole number from 1 to 262144, found 1.5/,
      right: ['1', '262144'],
    });

    await editor().addConfig('broker');
    await typeWrongThenRight('broker', {
      wrong: 'http://h',
      words: /start with mqtt:\/\//,
      right: ['mqtts://h:8883', '10.0.0.1'],
    });
    await typeWrongThenRight('port', {
      wrong: '99999',
      words: /whole number from 1 to 65535/,
      right: ['8883', ''],
    });
    await editor().cancel();
    await editor().cancel();

    await openNewConfig(editor(), 'fp-queue-config');
    await typeWrongThenRight('queue_name', { wrong: 'a:b', words: /letters, digits/, right: ['a.b-c_1'] });
    await editor().fillIn({ store: 'redis' });
    await typeWrongThenRight('redis_url', {
      wrong: 'http://h',
      words: /redis:\/\//,
      right: ['rediss://h:6380/1'],
    });
    await typeWrongThenRight('redis_options', {
      wrong: '{"name"',
      words: /JSON object/,
      right: ['{"name": "main"}'],
    });
    await editor().fillIn({ store: 'postgres' });
    await typeWrongThenRight('postgres_url', {
      wrong: 'postgres://u:p@h/d',
      words: /password/,
      right: ['postgres://h/d'],
    });
    await typeWrongThenRight('schema', { wrong: 'a-b', words: /letters, digits/, right: ['a_b'] });
  });

  it('accepts an environment variable for every type of value', async () => {
    await openNewConfig(editor(), 'fp-mqtt-config');
    for (const property of ['broker', 'port', 'keepalive', 'reconnect_delay', 'window']) {
      await editor().fillIn({ [property]: 'not right' });
      await editor().untilMarked(editor().field(property));
      await editor().fillIn({ [property]: '${GATEWAY}' });
      await editor().untilUnmarked(editor().field(property));
    }
  });

  it('is a number or a property of the message, depending on its type', async () => {
    await openNew(editor(), 'fp-enqueue');
    const priority = editor().typedField('priority');
    await editor().type(priority, 'urgency');
    await editor().untilMarked(priority);
    await editor().chooseType('priority', 'msg');
    await editor().untilUnmarked(priority);
    await editor().chooseType('priority', 'num');
    await editor().untilMarked(priority);
    await editor().type(priority, '3');
    await editor().untilUnmarked(priority);
  });

  it('that selects a broker shows its address', async () => {
    await openNew(editor(), 'fp-subscribe');
    await editor().addConfig('broker');
    await editor().fillIn({ broker: 'mqtts://h' });
    await editor().picture('broker');
    await editor().finish();
    const chosen = editor().field('broker').locator('option:checked');
    assert.equal(await chosen.textContent(), 'mqtts://h:8883');
  });

  it('that is invalid in an imported flow marks its node with a red triangle', async () => {
    const wrong = { qos: '3', topic: 'a', broker: '' };
    await editor().import([{ id: 'imported', type: 'fp-subscribe', x: 200, y: 100, wires: [], ...wrong }]);
    const [id = ''] = await editor().ids('fp-subscribe');
    assert.ok((await editor().mistakes(id)).includes('must be 0, 1 or 2, found 3'));
  });

  async function typeWrongThenRight(property: string, { wrong, words, right }: Attempt) {
    await editor().fillIn({ [property]: wrong });
    await editor().untilMistake(editor().field(property), words);
    for (const value of right) {
      await editor().fillIn({ [property]: value });
      await editor().untilUnmarked(editor().field(property));
    }
  }
});
