import type { NodeStatus } from 'node-red';
import type { Connection } from '../../src/index.ts';
import { connectionStatus, counted } from '../status.ts';

/** How many jobs of a worker there are. */
export interface WorkerCounts {
  running: number;
  completed: number;
  deadLetters: number;
}

/** What a worker shows; `progress` is what a running job said last. */
export function workerStatus(connection: Connection, counts: WorkerCounts, progress?: string): NodeStatus {
  if (connection.state !== 'connected') return connectionStatus(connection);
  const { running, completed, deadLetters } = counts;
  const parts = [running > 0 ? `${running} running` : 'ready'];
  if (progress !== undefined) parts.push(progress);
  if (completed > 0) parts.push(`${completed} completed`);
  if (deadLetters > 0) parts.push(counted(deadLetters, 'dead letter'));
  return { fill: running > 0 ? 'blue' : 'green', shape: 'dot', text: parts.join(', ') };
}
