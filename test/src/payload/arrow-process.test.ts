import assert from 'node:assert/strict';
import childProcess, { type ChildProcess } from 'node:child_process';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { DecodeError, InterruptedError, PostponedError } from '../../../src/base/errors.ts';
import { openDecoder, type Decoder } from '../../../src/payload/decode.ts';
import { standStill } from '../../helpers/stand-still.ts';
import { until } from '../../helpers/until.ts';
import { manyFields } from './arrow/many-fields.ts';

const table = Buffer.from(tableToIPC(tableFromArrays({ a: Int32Array.of(1) })));
const rows = [{ a: 1 }];

describe('the process that decodes Arrow', function () {
  const { fork } = childProcess;
  let decoder: Decoder;
  let started: ChildProcess[];
  /** Called with each process that starts. */
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

  async function refuses(payload: Buffer, message: RegExp): Promise<void> {
    const arrow = openDecoder({ format: 'pyarrow' });
    await assert.rejects(arrow.decode(payload), (error) => {
      assert.ok(error instanceof DecodeError);
      assert.match(error.message, message);
      return true;
    });
    arrow.close();
  }

  it('is restarted after it ended while it was idle', async () => {
    assert.deepEqual(await decode(), rows);
    const ended = new Promise((resolve) => started[0]?.once('exit', resolve));
    started[0]?.kill('SIGKILL');
    await ended;
    assert.deepEqual(await decode(), rows);
    assert.equal(started.length, 2);
  });

  it('is restarted once for a payload during which it ended', async () => {
    assert.deepEqual(await decode(), rows);
    started[0]?.kill('SIGKILL');
    assert.deepEqual(await decode(), rows);
    assert.equal(started.length, 2);
  });

  it('that ends twice means that the payload is at fault', async () => {
    meddle = (child) => child.once('message', () => child.kill('SIGKILL'));
    await refuses(table, /not Arrow: the decoding process ended/);
    assert.equal(started.length, 2);
  });

  it('that exceeds its memory or time means that the payload is at fault', () =>
    refuses(manyFields(), /not Arrow: (the decoding process ended|decoding takes more than 5 s)/));

  it('that takes too long means that the payload is at fault', async () => {
    meddle = (child) => child.once('message', () => child.kill('SIGSTOP'));
    await refuses(table, /not Arrow: decoding takes more than 5 s/);
    await until('the process is gone', () => started[0]?.signalCode === 'SIGKILL');
  });

  it('that has answered while this process stood still is not taken for one that takes too long', async () => {
    meddle = (child) => child.once('message', () => setImmediate(() => standStill(6000)));
    assert.deepEqual(await decode(), rows);
    assert.equal(started.length, 1);
  });

  it('refuses a damaged length immediately', async () => {
    const damaged = Buffer.from(table);
    /** Offset of the number of buffers in the record batch. */
    const BUFFERS = 220;
    assert.equal(damaged.readInt32LE(BUFFERS), 2);
    damaged.writeInt32LE(2 ** 31 - 1, BUFFERS);
    await refuses(damaged, /not Arrow: a list is longer than the payload/);
  });

  it('that cannot start postpones the payload, which is decoded when the process can start', async () => {
    meddle = (child) => child.kill('SIGKILL');
    await assert.rejects(decode(), PostponedError);
    meddle = () => undefined;
    assert.deepEqual(await decode(), rows);
  });

  it('that is closed while it decodes interrupts the payload', async () => {
    meddle = (child) => child.once('message', () => decoder.close());
    await assert.rejects(decode(), InterruptedError);
  });
});
