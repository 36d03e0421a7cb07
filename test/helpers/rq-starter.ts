/** Starts RQ's programs from a Python process that has imported RQ, one for each release of RQ: see rq_starter.py. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { oneAtATime } from '../../src/base/one-at-a-time.ts';
import { temporaryDirectory } from './servers.ts';

const script = join(__dirname, '../../../test/helpers/rq_starter.py');

interface Run {
  /** `rq` or `rqinfo`; empty for `code`. */
  name: string;
  args: string[];
  /** Lines of Python to run instead. */
  code?: string | undefined;
}

export interface Ran {
  stdout: string;
  stderr: string;
}

type Starter = (run: Run) => Promise<Ran>;

const starters = new Map<string, Starter>();

/** Runs a program to its end. Rejects with its output if it fails. */
export function runWithRq(python: string, run: Run): Promise<Ran> {
  const starter = starters.get(python) ?? openStarter(python);
  starters.set(python, starter);
  return starter(run);
}

/** The process keeps running for later tests, and ends with this one. */
function openStarter(python: string): Starter {
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.unref();
  for (const pipe of [child.stdin, child.stdout]) (pipe as Socket).unref();
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const inTurn = oneAtATime();
  return (run) =>
    inTurn(async () => {
      const output = temporaryDirectory('rq-output');
      child.stdin.write(`${JSON.stringify({ code: null, ...run, output })}\n`);
      const { value: status } = await answers.next();
      const [stdout, stderr] = ['out', 'err'].map((name) => readFileSync(join(output, name), 'utf8'));
      if (status !== '0') throw new Error(`${run.name || 'python'} ended with ${status}: ${stdout}${stderr}`);
      return { stdout: stdout ?? '', stderr: stderr ?? '' };
    });
}
