import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { closing } from '../../../helpers/closing.ts';
import { until } from '../../../helpers/until.ts';

describe('the process that decodes Arrow', () => {
  const closeAfter = closing();

  it('ends with its parent process, even while it decodes', async function () {
    if (process.platform !== 'linux') this.skip();
    const parent = fork(join(__dirname, 'decode-for-ever.js'));
    closeAfter(() => parent.kill('SIGKILL'));
    await once(parent, 'message');
    // After each of these payloads a new process is started.
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
    // To decode the payload would take days.
    await until('it is gone', () => !isThere(decoder));
  });
});

/** Returns the process ID of a process's child (proc_pid_children(5)). */
function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'));
}

/** Returns the CPU time of a process in hundredths of a second (proc_pid_stat(5)). */
function cpuTime(pid: number): number {
  return Number(statOf(pid)[11]) + Number(statOf(pid)[12]);
}

/** Tells whether a process runs; a zombie does not. */
function isThere(pid: number): boolean {
  const [state] = statOf(pid);
  return state !== undefined && state !== 'Z';
}

/** Returns the fields after the name. */
function statOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  } catch {
    return [];
  }
}
