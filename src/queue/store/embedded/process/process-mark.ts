import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Identifies a process uniquely, even after a reboot that reuses its process ID. */
export interface ProcessMark {
  host: string;
  pid: number;
  /** On Linux: boot ID of the machine, container, and start time of the process since boot. */
  boot?: string;
  container?: string;
  started?: string;
}

/** Returns the mark of a process of this machine. */
export function markOf(pid: number): ProcessMark {
  return {
    host: hostname(),
    pid,
    boot: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    container: attempt(() => readlinkSync('/proc/self/ns/pid')),
    started: attempt(() => startTime(pid)),
  };
}

/** Tells whether the process is running; undefined if that cannot be determined, for instance on another machine. */
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

/** Returns field 22 of `/proc/PID/stat` (proc_pid_stat(5)). The name, field 2, may contain blanks and brackets. */
function startTime(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // A zombie has ended, but may stay forever in a container without init.
  return state === 'Z' ? state : fields[18];
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
