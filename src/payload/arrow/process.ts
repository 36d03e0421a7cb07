/**
 * The process that decodes Arrow: it gets a payload a message, and answers with its rows or with what is wrong. A thread
 * reads them, for over a damaged payload the library may loop: meanwhile this one hears that nobody is left who asked.
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

const reader = new Worker(join(__dirname, 'reader.js'));
reader.on('message', (message) => process.send?.(message));
reader.on('error', () => process.exit(1));

process.on('message', (payload) => reader.postMessage(payload));
// Not by exit(), which would wait for what the thread is doing.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
