/**
 * A thread that ends the pipeline process and its children when the parent process has ended. `workerData` is the
 * parent's process id.
 */
import { workerData } from 'node:worker_threads';

/** Milliseconds between two checks. */
const INTERVAL = 1000;

setInterval(() => {
  if (process.ppid === workerData) return;
  process.kill(process.platform === 'win32' ? process.pid : -process.pid, 'SIGKILL');
}, INTERVAL);
