import { residentBytes } from '../base/resident-bytes.ts';

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

/** Returns the resident memory of a process; 0 if it has ended or without /proc. */
export function megabytesOf(pid: number): number {
  return Math.round(residentBytes(pid) / 1_048_576);
}
