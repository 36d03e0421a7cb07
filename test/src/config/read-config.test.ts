import assert from 'node:assert/strict';
import { readConfig } from '../../../src/index.ts';
import { variableName } from '../../../src/base/variable.ts';
import { wrongFile } from '../../helpers/config-files.ts';
import { read, valid } from '../../helpers/config.ts';
import { inBoundedTime } from '../../helpers/processor-time.ts';

const problemsOf = (text: string) =>
  read(text).problems.map(
    ({ severity, path, line, column, message }) => `${severity} ${path} ${line}:${column} ${message}`,
  );

/** Returns the first problem of a text, which must be an error. */
function errorOf(text: string): string {
  const [problem = 'none'] = problemsOf(text);
  assert.match(problem, /^error/);
  return problem;
}

const subscription = 'subscriptions:\n  - topic: "a/+"\n    pipeline: "p"\n';

describe('reading mqtt_config.yml', () => {
  it('accepts files of flowerpower-mqtt, with its defaults', () => {
    const config = valid(`mqtt:
  broker: "mqtt.example.com"
  client_id: "gateway"
  username: "u"
  password: "p"
  reconnect_retries: 5
subscriptions:
  - topic: "sensors/+/temperature"
    pipeline: "temperature"
    qos: 1
    execution_mode: "async"
  - topic: "alerts"
    pipeline: "alert"
job_queue:
  enabled: true
  type: "rq"
  redis_url: "redis://localhost:6379/1"
base_dir: "/srv/project"
log_level: "DEBUG"
`);
    assert.deepEqual(
      [config.mqtt['port'], config.mqtt['keepalive'], config.mqtt['clean_session']],
      [1883, 60, true],
    );
    assert.deepEqual(
      config.subscriptions.map(({ qos, execution_mode, deserialization_format }) => [
        qos,
        execution_mode,
        deserialization_format,
      ]),
      [
        [1, 'async', 'auto'],
        [0, 'sync', 'auto'],
      ],
    );
    const { enabled, type, queue_name, worker_count, max_retries } = config.job_queue;
    assert.deepEqual(
      [enabled, type, queue_name, worker_count, max_retries],
      [true, 'rq', 'mqtt_pipelines', 4, 3],
    );
    assert.deepEqual([config.base_dir, config.log_level], ['/srv/project', 'DEBUG']);
  });

  it("uses flowerpower-mqtt's port for a plain host, and the scheme's port for an address or TLS", () => {
    const portOf = (lines: string) => valid(`mqtt:\n${lines}`).mqtt['port'];
    assert.equal(portOf('  broker: "h"\n'), 1883);
    for (const broker of ['mqtts://h', 'ws://h', '${BROKER}']) {
      assert.equal(portOf(`  broker: "${broker}"\n`), null, broker);
      assert.equal(portOf(`  broker: "${broker}"\n  port: 1883\n`), 1883, broker);
    }
    assert.equal(portOf('  broker: "h"\n  tls_ca: "/ca.pem"\n'), null);
    assert.equal(portOf('  broker: "h"\n  tls_verify: false\n'), null);
  });

  it('reports all mistakes together, each with its place and a remedy', () => {
    assert.deepEqual(problemsOf(wrongFile), [
      'error mqtt.broker 2:11 must be a host name or start with mqtt://, mqtts://, ws:// or wss://, found http://h',
      'error mqtt.port 3:9 must be a whole number from 1 to 65535, found 99999',
      'error mqtt.clean_session 4:18 must be true or false, found the text "yes"',
      'warning mqtt.clientid 5:3 is unknown: did you mean client_id?',
      'error subscriptions[0].topic 7:12 may have # only as its last level, as in a/b/#',
      'error subscriptions[0].qos 9:10 must be 0, 1 or 2, found 3',
      'error subscriptions[1].pipeline 10:5 is missing',
      'error subscriptions[1].topic 10:12 must be text, found 5: put it in quotes',
      'error job_queue.redis_url 13:14 must start with redis:// or rediss://',
      'error job_queue.worker_count 14:17 must be a number, found the text "4"',
      'error log_level 15:12 must be INFO, DEBUG, WARNING, ERROR or CRITICAL, found LOUD',
      'warning bas_dir 16:1 is unknown: did you mean base_dir?',
    ]);
  });

  it('accepts an environment variable for every value', () => {
    const config = valid(
      `mqtt: {broker: "\${HOST}", port: "\${PORT}", clean_session: "\${CLEAN}"}\n${subscription}`,
    );
    assert.deepEqual(
      [config.mqtt['broker'], config.mqtt['port'], config.mqtt['clean_session']],
      ['${HOST}', '${PORT}', '${CLEAN}'],
    );
  });

  it('warns of a variable inside a longer value, because it stays text', () => {
    assert.deepEqual(problemsOf('mqtt: {broker: "mqtt://${HOST}.example"}'), [
      'warning mqtt.broker 1:16 contains ${HOST} as plain text: an environment variable must be the whole value',
    ]);
  });

  it('warns of a variable whose value on this machine is invalid', () => {
    process.env['FP_TEST_URL'] = 'redis://:secret@h';
    const { config, problems } = readConfig(
      'job_queue: {redis_url: "${FP_TEST_URL}"}',
      (variable) => process.env[variableName(variable) ?? ''],
    );
    assert.equal(config?.job_queue.redis_url, '${FP_TEST_URL}');
    const [{ severity, message } = { severity: '', message: '' }] = problems;
    assert.equal(severity, 'warning');
    assert.match(message, /^is \$\{FP_TEST_URL\}, whose value on this machine must not hold the password/);
    assert.doesNotMatch(message, /secret/);
  });

  it("moves user and password out of Redis's address", () => {
    const { job_queue } = valid('job_queue: {redis_url: "redis://me:s%40cret@h:1/2"}');
    const { redis_url, username, password } = job_queue;
    assert.deepEqual([redis_url, username, password], ['redis://h:1/2', 'me', 's@cret']);
  });

  it('supports anchors, aliases and merge keys; mistakes in them are reported where they are used', () => {
    const text = `base: &base {qos: 1, execution_mode: "async"}
subscriptions:
  - <<: *base
    topic: "a"
    pipeline: "p"
  - {<<: *base, topic: "b", pipeline: "q", qos: 7}
`;
    assert.deepEqual(problemsOf(text), [
      'warning base 1:1 is unknown: known are base_dir, log_level, python, python_processes, javascript_processes, timeout, memory, mqtt, subscriptions, job_queue',
      'error subscriptions[1].qos 6:49 must be 0, 1 or 2, found 7',
    ]);
    const { subscriptions } = valid(text.replace(', qos: 7', ''));
    assert.deepEqual(
      subscriptions.map(({ qos, execution_mode }) => [qos, execution_mode]),
      [
        [1, 'async'],
        [1, 'async'],
      ],
    );
  });

  it('reads Windows line ends and a byte order mark', () => {
    assert.equal(valid(`\ufeff${subscription}`.replaceAll('\n', '\r\n')).subscriptions[0]?.['topic'], 'a/+');
  });

  it('uses the defaults for an empty section', () => {
    assert.deepEqual(valid('mqtt:\njob_queue: {}\nsubscriptions:\n').subscriptions, []);
  });

  it('reports what is wrong with a text that is not a config', () => {
    assert.match(errorOf(''), /1:1 the file is empty/);
    assert.match(errorOf('# only a comment\n'), /empty/);
    assert.match(errorOf('just text'), /must be a map of keys and values, found the text "just text"/);
    assert.match(errorOf('- a\n- b'), /must be a map .*found a list/);
    assert.match(errorOf('subscriptions: {a: 1}'), /subscriptions 1:16 must be a list/);
    assert.match(errorOf('mqtt: 5'), /mqtt 1:7 must be a map/);
    assert.match(errorOf('mqtt:\n\tport: 1\n'), /2:1 .*[Tt]ab/);
    assert.match(errorOf('mqtt: {port: 1\n'), /2:1|1:/);
    assert.match(errorOf('mqtt:\n  port: 1\n  port: 2\n'), /3:3 duplicate key port/);
    assert.match(errorOf('1: a\n"1": b\n'), /2:1 duplicate key 1/);
    assert.match(errorOf('{? [a] : b}'), /1:4 a key must be text/);
    assert.match(errorOf('mqtt:\n  password: !vault x\n'), /2:20 unknown tag !vault/);
    assert.match(errorOf('mqtt: !ENV {a: 1}\n'), /1:12 unknown tag !ENV/);
    assert.match(errorOf('mqtt: !!set {a, b}\n'), /1:13 unknown tag !!set/);
    assert.deepEqual(problemsOf('!!map {mqtt: !!map {broker: !!str h, port: !!int 1}}'), []);
    assert.match(problemsOf('%FOO\n---\nmqtt:\n').join(), /warning {2}1:1 Unknown directive %FOO/);
    assert.match(errorOf(`${subscription}---\n${subscription}`), /second document begins here/);
    assert.equal(errorOf('mqtt: *a'), 'error  1:7 the alias *a has no anchor &a before it');
    assert.equal(errorOf('mqtt: &a {<<: *a}'), 'error  1:15 the alias *a is within its own anchor &a');
  });

  it('refuses hostile files quickly: a huge file, an alias bomb, deep nesting, too many subscriptions', () => {
    const bomb = ['a: &a ["x","x","x","x","x","x","x","x","x"]']
      .concat(
        Array.from('bcdefghi', (key, i) => `${key}: &${key} [${Array(9).fill(`*${'abcdefgh'[i]}`).join()}]`),
      )
      .join('\n');
    const merges = Array.from({ length: 25 }, (_, i) => `k${i + 1}: &k${i + 1} {<<: [*k${i},*k${i}]}\n`);
    const texts: [string, RegExp][] = [
      ['#'.repeat(10 * 1024 * 1024), /larger than 128 KiB/],
      [bomb, /6:8 the alias \*e expands to more than 10000 values/],
      [
        `- &b []\n- &a [${'*b,'.repeat(49)}]\n${'- *a\n'.repeat(49)}${'- 1\n'.repeat(15_000)}`,
        /must be a map/,
      ],
      [`k0: &k0 {a: 1}\n${merges.join('')}`, /13:17 the alias \*k11 expands to more than/],
      ['- &a x\n- *a\n'.repeat(10_000), /more than 100 aliases/],
      ...['[', '[\n', '{a: ', '- ', '? ', 'a: ', ' - a\n '].map((level): [string, RegExp] => [
        level.repeat(30_000),
        /more than 100 levels|larger/,
      ]),
      [`subscriptions: [${'{topic: a, pipeline: p},'.repeat(2000)}]`, /at most 1000 entries, found 2000/],
    ];
    for (const [text, words] of texts) {
      const found = inBoundedTime(() => errorOf(text));
      assert.match(found, words);
    }
  });

  it('lists at most 100 problems, errors before warnings, and the number of further ones', () => {
    const unknown = Array.from({ length: 150 }, (_, i) => `  x${i}: 1\n`).join('');
    const warnings = problemsOf(`mqtt:\n${unknown}`);
    assert.equal(warnings.length, 101);
    assert.match(warnings.at(-1) ?? '', /^warning {2}101:3 and 50 more problems$/);
    const wrong = Array.from({ length: 150 }, () => '  - topic: 5\n    pipeline: "p"\n').join('');
    const errors = problemsOf(`mqtt:\n${unknown}subscriptions:\n${wrong}`);
    assert.equal(errors.length, 101);
    assert.match(errors[0] ?? '', /^error subscriptions\[0\]\.topic/);
    assert.match(errors.at(-1) ?? '', /^error .* and 200 more problems$/);
    assert.equal(read(`mqtt:\n${unknown}  port: 0\n`).config, undefined);
    assert.equal(problemsOf('mqtt: ]\n'.repeat(1000)).length, 101);
  });

  it('does not pollute prototypes', () => {
    read('__proto__: {polluted: 1}\nmqtt: {__proto__: {broker: "x"}}\n');
    assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
  });
});
