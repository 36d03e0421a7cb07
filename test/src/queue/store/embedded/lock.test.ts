import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoreLockedError } from '../../../../../src/base/errors.ts';
import {
  acquireLock,
  type LockHolder,
  type Lock,
} from '../../../../../src/queue/store/embedded/process/lock.ts';
import {
  isRunning,
  markOf,
  type ProcessMark,
} from '../../../../../src/queue/store/embedded/process/process-mark.ts';
import { closing } from '../../../../helpers/closing.ts';
import { temporaryDirectory } from '../../../../helpers/servers.ts';
import { standStill } from '../../../../helpers/stand-still.ts';
import { until } from '../../../../helpers/until.ts';

describe('the lock of a directory', () => {
  const closeAfter = closing();
  const me = markOf(process.pid);
  let file: string;

  beforeEach(() => {
    file = join(temporaryDirectory('lock'), 'lock');
  });

  async function acquire(
    holder: LockHolder = { keeper: me, owner: me },
    onLost = () => undefined,
  ): Promise<Lock> {
    const lock = await acquireLock({ file, holder, onLost, beat: 100 });
    closeAfter(() => lock.release());
    return lock;
  }

  const leave = (keeper: ProcessMark, owner = keeper) =>
    writeFileSync(file, JSON.stringify({ keeper, owner }));

  /** A running process, and one that has ended. */
  async function others(): Promise<{ living: ProcessMark; dead: ProcessMark }> {
    const [living, dying] = [1, 2].map(() => spawn('sleep', ['60']));
    closeAfter(() => living?.kill());
    const marks = { living: markOf(living?.pid ?? 0), dead: markOf(dying?.pid ?? 0) };
    dying?.kill();
    await new Promise((resolve) => dying?.once('exit', resolve));
    return marks;
  }

  it('is released only by its holder', async () => {
    const lock = await acquire();
    lock.release();
    assert.deepEqual(readdirSync(join(file, '..')), []);
    leave((await others()).living);
    lock.release();
    assert.deepEqual(readdirSync(join(file, '..')), ['lock']);
  });

  it('of a running process is respected; the message names the process and what to do', async () => {
    const { living } = await others();
    leave(living);
    await assert.rejects(acquire(), (error: Error) => {
      assert.ok(error instanceof StoreLockedError);
      assert.match(
        error.message,
        new RegExp(`process ${living.pid} on ${living.host}: stop it, or .* delete ${file}`),
      );
      return true;
    });
  });

  it('of a dead process is taken over', async () => {
    leave((await others()).dead);
    await acquire();
  });

  it('from before a reboot is taken over, although a process has the same ID', async () => {
    const { living } = await others();
    leave({ ...living, boot: 'another' });
    await acquire();
  });

  it('of an earlier process with the ID of a running one is taken over', async function () {
    const { living } = await others();
    if (living.started === undefined) this.skip();
    leave({ ...living, started: '1' });
    await acquire();
  });

  it('of a zombie is taken over', async function () {
    if (me.started === undefined) this.skip();
    // The shell's child becomes that of a `sleep`, which does not wait for it.
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60']);
    closeAfter(() => parent.kill());
    const [output] = (await once(parent.stdout, 'data')) as [Buffer];
    const child = markOf(Number(output.toString()));
    leave(child);
    await assert.rejects(acquire(), StoreLockedError);
    process.kill(child.pid);
    await until('it has ended', () => !isRunning(child));
    await acquire();
  });

  it('that a crash left empty or invalid is taken over', async () => {
    for (const text of ['', '{"keep']) {
      writeFileSync(file, text);
      (await acquire()).release();
    }
  });

  it('of a process whose owner was killed is waited for, because the process will end', async () => {
    const { living, dead } = await others();
    leave(living, dead);
    const acquired = acquire();
    setTimeout(() => process.kill(living.pid), 200);
    await acquired;
  });

  for (const [where, elsewhere] of [
    ['another machine', { host: 'elsewhere' }],
    ['another container', { container: 'elsewhere' }],
  ] as const) {
    it(`of ${where} is respected while it is touched, and taken over when it is not`, async () => {
      leave({ ...me, ...elsewhere });
      const beat = setInterval(() => utimesSync(file, new Date(), new Date()), 50);
      closeAfter(() => clearInterval(beat));
      await assert.rejects(acquire(), StoreLockedError);
      clearInterval(beat);
      await acquire();
    });
  }

  it('is respected by a process that stood still meanwhile', async () => {
    leave({ ...me, host: 'elsewhere' });
    const acquired = acquire();
    // The other stands still, too: it touches the file after the first look, as the timers come in the order of their times.
    const beat = setInterval(() => utimesSync(file, new Date(), new Date()), 100);
    closeAfter(() => clearInterval(beat));
    standStill(500);
    await assert.rejects(acquired, StoreLockedError);
  });

  it('is touched by its holder, so that other machines see it', async () => {
    await acquire({ keeper: { ...me, host: 'elsewhere' }, owner: me });
    await assert.rejects(acquire(), StoreLockedError);
  });

  it('of a dead process is taken over by only one of many', async () => {
    leave((await others()).dead);
    const wants = Array.from({ length: 10 }, (_, n) =>
      acquire({ keeper: me, owner: { ...me, host: `owner ${n}` } }),
    );
    const settled = await Promise.allSettled(wants);
    const winners = settled.flatMap((want, n) => (want.status === 'fulfilled' ? [n] : []));
    assert.equal(winners.length, 1);
    assert.match(readFileSync(file, 'utf8'), new RegExp(`owner ${winners[0]}"`));
  });

  it('that another process has taken is reported', async () => {
    let isLost = false;
    await acquire(undefined, () => void (isLost = true));
    leave((await others()).living);
    await until('it is told', () => isLost);
  });
});
