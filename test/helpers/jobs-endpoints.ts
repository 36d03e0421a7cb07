import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { TestNodeRed } from './node-red.ts';
import { until } from './until.ts';

export type Answer = Record<string, unknown>;
export interface Row {
  id: string;
  name: string;
  topic: string;
  error?: string;
}

/** How the log names a user where the editor has no login. */
const USER = '"user without login"';

/** Collects what is logged of the users' actions, until `end`. */
export function loggedActions({ RED }: TestNodeRed) {
  const lines: string[] = [];
  const handler = new EventEmitter().on('log', ({ msg }: { msg: unknown }) => {
    if (String(msg).startsWith(USER)) lines.push(String(msg));
  });
  const { log } = RED as unknown as Record<
    'log',
    Record<'addHandler' | 'removeHandler', (to: object) => void>
  >;
  log.addHandler(handler);
  return { lines, end: () => log.removeHandler(handler) };
}

/** The answer that a logged action would have had. */
function answerIn(line: string): { status: number; answer: Answer } {
  const [, outcome] = /^(?:"(?:[^"\\]|\\.)*" ?)+: (.*)$/s.exec(line) ?? [];
  if (outcome === undefined) return { status: 200, answer: {} };
  const [, changed] = /^(\d+) changed$/.exec(outcome) ?? [];
  if (changed === undefined) return { status: 400, answer: { error: outcome } };
  return { status: 200, answer: { changed: Number(changed) } };
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
  /** Asks for an action. The answer waits two seconds for it; the outcome of a slower one is in the log. */
  const askToAct = async (path: string, body: object) => {
    const { lines, end } = loggedActions(red());
    const start = `${USER} "${path.split('/').at(-1)}"`;
    try {
      const asked = await ask(path, body);
      if (!asked.answer['isUnderWay']) return asked;
      return answerIn(
        await until('the outcome is logged', () => lines.find((line) => line.startsWith(start))),
      );
    } finally {
      end();
    }
  };
  const act = async (action: string, body: object = {}) => {
    const { status, answer } = await askToAct(`/queue/${action}`, body);
    assert.equal(status, 200, JSON.stringify(answer));
    return answer;
  };
  const refusal = async (path: string, body?: object) => {
    const { status, answer } = await (body ? askToAct(path, body) : ask(path));
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
