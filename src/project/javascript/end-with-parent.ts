/**
 * A thread of a process that runs pipelines: it ends that process, and what it started, when nobody is left who asked.
 * It is given the id of the process that asks.
 */
import { workerData } from 'node:worker_threads';

/** Milliseconds between two looks. */
const INTERVAL = 1000;

setInterval(() => {
  if (process.ppid === workerData) return;
  process.kill(process.platform === 'win32' ? process.pid : -process.pid, 'SIGKILL');
}, INTERVAL);
