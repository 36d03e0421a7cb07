import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { closing } from '../../../helpers/closing.ts';
import { until } from '../../../helpers/until.ts';

describe('the process that decodes Arrow', () => {
  const closeAfter = closing();

  it('ends with the process that started it, also in the middle of a payload', async function () {
    if (process.platform !== 'linux') this.skip();
    const parent = fork(join(__dirname, 'decode-for-ever.js'));
    closeAfter(() => parent.kill('SIGKILL'));
    await once(parent, 'message');
    // It is another process after each payload.
    const busyDecoder = () => {
      const pid = childOf(parent.pid ?? 0);
      return cpuTime(pid) > 50 && pid;
    };
    const decoder = await until('it is busy', busyDecoder);
    assert.ok(decoder);
    closeAfter(() => isThere(decoder) && process.kill(decoder, 'SIGKILL'));
    const ended = once(parent, 'exit');
    parent.kill('SIGKILL');
    assert.deepEqual(await ended, [null, 'SIGKILL']);
    // Much sooner than the payload is read.
    await until('it is gone', () => !isThere(decoder), 3000);
  });
});

/** The number of a process's child (proc_pid_children(5)). */
function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'));
}

/** What a process has used of a processor, in hundredths of a second (proc_pid_stat(5)). */
function cpuTime(pid: number): number {
  return Number(statOf(pid)[11]) + Number(statOf(pid)[12]);
}

/** One that nobody has buried is gone as well. */
function isThere(pid: number): boolean {
  const [state] = statOf(pid);
  return state !== undefined && state !== 'Z';
}

/** The fields after the name. */
function statOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  } catch {
    return [];
  }
}
