import { readFileSync } from 'node:fs';

/**
 * Returns the resident memory of a process in bytes; 0 if it has ended or without /proc. Reading /proc never waits for a
 * disk.
 */
export function residentBytes(pid: number): number {
  try {
    // Not /proc/<pid>/statm: it counts pages, whose size depends on the machine.
    const [, kilobytes] = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}
