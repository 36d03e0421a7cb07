/**
 * The process that decodes Arrow: each message is a payload, and each answer has its rows or an error. A thread
 * decodes, because the library may loop on a damaged payload; this main thread must still notice that its parent has
 * gone.
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

const decoder = new Worker(join(__dirname, 'decoding-thread.js'));
decoder.on('message', (message) => process.send?.(message));
decoder.on('error', () => process.exit(1));

process.on('message', (payload) => decoder.postMessage(payload));
// exit() would wait for the thread.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
