import assert from 'node:assert/strict';
import childProcess, { type ChildProcess } from 'node:child_process';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { DecodeError, InterruptedError, PostponedError } from '../../../src/errors.ts';
import { openDecoder, type Decoder } from '../../../src/payload/decode.ts';

const table = Buffer.from(tableToIPC(tableFromArrays({ a: Int32Array.of(1) })));
const rows = [{ a: 1 }];

describe('the process that decodes Arrow', function () {
  const { fork } = childProcess;
  let decoder: Decoder;
  let started: ChildProcess[];
  /** What is done to each process as soon as it has started. */
  let meddle: (child: ChildProcess) => void;

  beforeEach(() => {
    started = [];
    meddle = () => undefined;
    childProcess.fork = ((...args: Parameters<typeof fork>) => {
      const child = fork(...args);
      started.push(child);
      meddle(child);
      return child;
    }) as typeof fork;
    decoder = openDecoder({ format: 'auto' });
  });

  afterEach(() => {
    childProcess.fork = fork;
    decoder.close();
  });

  const decode = async () => (await decoder.decode(table)).payload;

  it('is started again after it ended while it had nothing to do', async () => {
    assert.deepEqual(await decode(), rows);
    const ended = new Promise((resolve) => started[0]?.once('exit', resolve));
    started[0]?.kill('SIGKILL');
    await ended;
    assert.deepEqual(await decode(), rows);
    assert.equal(started.length, 2);
  });

  it('is started again for a payload that it ended with, once', async () => {
    assert.deepEqual(await decode(), rows);
    started[0]?.kill('SIGKILL');
    assert.deepEqual(await decode(), rows);
    assert.equal(started.length, 2);
  });

  it('ends a second time: the payload is at fault', async () => {
    meddle = (child) => child.once('message', () => child.kill('SIGKILL'));
    const arrow = openDecoder({ format: 'pyarrow' });
    await assert.rejects(arrow.decode(table), (error) => {
      assert.ok(error instanceof DecodeError);
      assert.match(error.message, /not Arrow: the process that reads it ended/);
      return true;
    });
    arrow.close();
    assert.equal(started.length, 2);
  });

  it('cannot be started: the payload has to come again, and is decoded when it can', async () => {
    meddle = (child) => child.kill('SIGKILL');
    await assert.rejects(decode(), PostponedError);
    meddle = () => undefined;
    assert.deepEqual(await decode(), rows);
  });

  it('is closed while it decodes: the payload has to come again', async () => {
    meddle = (child) => child.once('message', () => decoder.close());
    await assert.rejects(decode(), InterruptedError);
  });
});
