import { readdirSync, readFileSync } from 'node:fs';

/**
 * Bytes of memory that a process and its children take: their proportional set size, which counts a page that several
 * share once (https://docs.kernel.org/filesystems/proc.html). The resident size of the process alone where there is no
 * /proc.
 */
export function memoryOf(pid: number): number {
  if (process.platform !== 'linux') return process.memoryUsage.rss();
  const own = Number(/^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024;
  return own + childrenOf(pid).reduce((sum, child) => sum + memoryOf(child), 0);
}

function childrenOf(pid: number): number[] {
  const tasks = ifThere(() => readdirSync(`/proc/${pid}/task`)) ?? [];
  return tasks.flatMap((task) =>
    read(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean).map(Number),
  );
}

function read(file: string): string {
  return ifThere(() => readFileSync(file, 'utf8')) ?? '';
}

/** A process may just have ended. */
function ifThere<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
