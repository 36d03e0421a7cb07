import { readdirSync, readFileSync } from 'node:fs';

/**
 * Returns the memory of a process and its children in bytes: the proportional set size, which counts shared pages once
 * (https://docs.kernel.org/filesystems/proc.html). Without /proc, returns the resident size of the process alone.
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

/** Ignores errors, because a process may just have ended. */
function ifThere<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
