import { readFileSync } from 'node:fs';

const EVERY = 250;

/**
 * Calls `onExceeded` once, with the current size, when the process uses more than `most` megabytes. Returns a function
 * that stops watching. Only works on Linux, which has /proc.
 */
export function watchMemory(pid: number, most: number, onExceeded: (megabytes: number) => void): () => void {
  if (process.platform !== 'linux') return () => undefined;
  const check = () => {
    const used = megabytesOf(pid);
    if (used <= most) return;
    clearInterval(timer);
    onExceeded(used);
  };
  const timer = setInterval(check, EVERY);
  return () => clearInterval(timer);
}

/**
 * Returns the resident memory of a process; 0 if it has ended or without /proc. Reading /proc never waits for a disk.
 */
export function megabytesOf(pid: number): number {
  try {
    // Not /proc/<pid>/statm: it counts pages, whose size depends on the machine.
    const [, kilobytes] = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Math.round(Number(kilobytes ?? 0) / 1024);
  } catch {
    return 0;
  }
}
