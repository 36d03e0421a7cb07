import assert from 'node:assert/strict';
import type { TestNodeRed } from './node-red.ts';

export type Answer = Record<string, unknown>;
export interface Row {
  id: string;
  name: string;
  topic: string;
  error?: string;
}

/** Asks the endpoints of the Jobs sidebar about the queue whose ID is `queue`. */
export function jobsEndpoints(red: () => TestNodeRed) {
  async function ask(path: string, body?: object): Promise<{ status: number; answer: Answer }> {
    const post = body && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    };
    const response = await fetch(`${red().url}/fp/jobs${path}`, post);
    return { status: response.status, answer: (await response.json()) as Answer };
  }
  const get = async (path: string) => {
    const { status, answer } = await ask(path);
    assert.equal(status, 200, JSON.stringify(answer));
    return answer;
  };
  const act = async (action: string, body: object = {}) => {
    const { status, answer } = await ask(`/queue/${action}`, body);
    assert.equal(status, 200, JSON.stringify(answer));
    return answer;
  };
  const refusal = async (path: string, body?: object) => {
    const { status, answer } = await ask(path, body);
    assert.equal(status, 400);
    return String(answer['error']);
  };
  const rows = async (state: string) => (await get(`/queue/list?state=${state}`))['rows'] as Row[];
  /** The sidebar's view of the queue, sampled at once. */
  const look = async () => {
    const { status, answer } = await ask('/look', { queues: ['queue'] });
    assert.equal(status, 200, JSON.stringify(answer));
    return (answer['views'] as Record<string, Answer>)['queue'] ?? {};
  };
  const numbers = async () => {
    const { numbers: found, error } = await look();
    assert.equal(error, undefined);
    return found as Answer & { counts: Record<string, number> };
  };
  return { ask, get, act, refusal, rows, look, numbers };
}
