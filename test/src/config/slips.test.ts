import assert from 'node:assert/strict';
import { read, valid } from '../../helpers/config.ts';

const problemsOf = (text: string) =>
  read(text).problems.map(
    ({ severity, path, line, column, message }) => `${severity} ${path} ${line}:${column} ${message}`,
  );

const subscription = 'subscriptions:\n  - topic: "a/+"\n    pipeline: "p"\n';

describe('slips in mqtt_config.yml', () => {
  const indented = 'the indentation is wrong: the keys of one map begin in the same column';
  for (const [what, text, problem] of [
    ['a key further right', `mqtt:\n  broker: x\n   port: 1\n${subscription}`, `3:4 ${indented}`],
    ['a key further left', `mqtt:\n  broker: x\n port: 1\n${subscription}`, `3:1 ${indented}`],
    ['an entry of a list', `${subscription} - topic: b\n   pipeline: p\n`, `4:1 ${indented}`],
    ['a tab', 'mqtt:\n\tbroker: x\n', '2:1 this line begins with a tab'],
    [
      'no space',
      `mqtt:\n  broker:localhost\n${subscription}`,
      'mqtt 2:3 .*: a space is missing behind broker:',
    ],
    [
      'no space',
      `mqtt:\n  broker:h\n  port: 1\n${subscription}`,
      '2:3 a space is missing: write broker: and',
    ],
    [
      'a comment',
      'subscriptions:\n  - topic: #\n    pipeline: p\n',
      'topic 2:12 is missing: # begins a comment',
    ],
    [
      'an alias',
      'subscriptions:\n  - topic: *\n    pipeline: p\n',
      '2:12 a text that begins with \\* has to be in quotes',
    ],
    [
      'a template',
      `mqtt:\n  broker: {{ host }}\n${subscription}`,
      '2:11 {{ }} is for templates: write the value',
    ],
    ['braces', 'subscriptions:\n  - {topic: a, pipeline: ${P}}\n', '2:26 put quotes around it: "\\${P}"'],
    ['no indentation', `mqtt:\nbroker: x\nport: 1\n${subscription}`, 'broker 2:1 belongs under mqtt:'],
    [
      'another section',
      `mqtt:\n  worker_count: 2\n${subscription}`,
      'mqtt.worker_count 2:3 belongs under job_queue:',
    ],
    ['mqtt', 'mqtt:\n  subscriptions: []\n', 'mqtt.subscriptions 2:3 belongs at the top of the file'],
    [
      'a wrapper',
      'config:\n  mqtt:\n    broker: x\n',
      'config 1:1 holds sections .*: remove the line config:',
    ],
  ] as const) {
    it(`tells of one mistake once, where it is: ${what} (${problem.slice(0, 20)})`, () => {
      const problems = problemsOf(text);
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0] ?? '', new RegExp(`^error .*${problem}`));
    });
  }

  it('leaves alone what only looks like a slip', () => {
    const text = 'subscriptions:\n  - topic: "a/{{x}}"\n    pipeline: "p" # {{ }} broker:x\n';
    assert.deepEqual(problemsOf(text), []);
  });

  it('takes a choice in small or capital letters', () => {
    const config = valid(`${subscription}    execution_mode: ASYNC\nlog_level: info\n`);
    assert.deepEqual([config.log_level, config.subscriptions[0]?.execution_mode], ['INFO', 'async']);
  });

  it('warns of what is most likely a slip', () => {
    const again = '  - topic: "a/+"\n    pipeline: "p"\n';
    assert.deepEqual(problemsOf(`mqtt:\n  broker: "mqtt://h:1885"\n  port: 1884\n${subscription}${again}`), [
      "warning mqtt.port 3:9 is 1884, but the broker's address says 1885, which is what counts",
      'warning subscriptions[1] 7:5 has the topic and the pipeline of subscriptions[0]: each message runs it twice',
    ]);
    assert.deepEqual(
      problemsOf(
        'mqtt:\n  client_id: \u201cgateway\u201d\n  username: "a\\u0007"\n  password: ${FP_NOT_SET}\n',
      ),
      [
        'warning mqtt.client_id 2:14 has typographic quotes: YAML takes " and \' only',
        'warning mqtt.username 3:13 has a control character, which most editors do not show',
        'warning mqtt.password 4:13 is ${FP_NOT_SET}, which is not set on this machine',
      ],
    );
  });
});
