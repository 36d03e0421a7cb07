import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** What tells one process from every other, also after a restart of the machine that gave its number to another. */
export interface ProcessMark {
  host: string;
  pid: number;
  /** On Linux: which start of the machine, which container, and when in that time the process started. */
  boot?: string;
  container?: string;
  started?: string;
}

/** The mark of a process of this machine. */
export function markOf(pid: number): ProcessMark {
  return {
    host: hostname(),
    pid,
    boot: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    container: attempt(() => readlinkSync('/proc/self/ns/pid')),
    started: attempt(() => startTime(pid)),
  };
}

/** Whether the process still runs; undefined when that cannot be seen from here. */
export function isRunning(mark: ProcessMark): boolean | undefined {
  const now = markOf(mark.pid);
  if (now.host !== mark.host) return undefined;
  if (now.boot !== mark.boot) return false;
  if (now.container !== mark.container) return undefined;
  if (!exists(mark.pid)) return false;
  return now.started === undefined ? undefined : now.started === mark.started;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Field 22 of `/proc/PID/stat` (proc_pid_stat(5)); the name before the others may hold blanks and brackets. */
function startTime(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // A zombie has ended; in a container without init it may stay for ever.
  return state === 'Z' ? state : fields[18];
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
