import { readFileSync } from 'node:fs';

const EVERY = 250;

/**
 * Calls `onExceeded` once when the process holds more than `most` megabytes, with how many. Returns the function that
 * ends the watch. Where there is no /proc nothing is watched.
 */
export function watchMemory(pid: number, most: number, onExceeded: (megabytes: number) => void): () => void {
  if (process.platform !== 'linux') return () => undefined;
  const look = () => {
    const held = megabytesOf(pid);
    if (held <= most) return;
    clearInterval(timer);
    onExceeded(held);
  };
  const timer = setInterval(look, EVERY);
  return () => clearInterval(timer);
}

/** Resident memory of a process; 0 if it has ended, or where there is no /proc, whose files never wait for a disk. */
export function megabytesOf(pid: number): number {
  try {
    // In kB; /proc/<pid>/statm counts pages, whose size differs from machine to machine.
    const [, kilobytes] = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Math.round(Number(kilobytes ?? 0) / 1024);
  } catch {
    return 0;
  }
}
