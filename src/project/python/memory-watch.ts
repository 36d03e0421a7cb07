import { readFile } from 'node:fs/promises';

const EVERY = 250;
const PAGE = 4096;

/**
 * Calls `onExceeded` once when the process holds more than `most` megabytes, with how many. Returns the function that
 * ends the watch. Where there is no /proc nothing is watched.
 */
export function watchMemory(pid: number, most: number, onExceeded: (megabytes: number) => void): () => void {
  if (process.platform !== 'linux') return () => undefined;
  const look = async () => {
    const held = await megabytesOf(pid);
    if (held <= most) return;
    clearInterval(timer);
    onExceeded(held);
  };
  const timer = setInterval(() => void look(), EVERY);
  return () => clearInterval(timer);
}

/** Resident memory of a process; 0 if it has ended. */
export async function megabytesOf(pid: number): Promise<number> {
  const pages = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '0 0');
  return Math.round((Number(pages.split(' ')[1]) * PAGE) / 1024 / 1024);
}
