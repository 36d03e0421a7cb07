/** `fp-mqtt` in a process of its own, as a person starts it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { until } from './until.ts';

const COMMAND = join(__dirname, '../../src/cli/fp-mqtt.js');

export interface CommandProcess {
  pid: number;
  /** All that it printed so far. */
  output: () => string;
  /** Resolves when it has printed such words. */
  untilPrinted: (words: RegExp) => Promise<unknown>;
  /** How it ended, when it has. */
  exitCode: Promise<number | string>;
  /** Sends a signal and resolves to the exit code, or to the signal's name if that ended it. */
  end: (signal?: NodeJS.Signals) => Promise<number | string>;
}

/** `prefix` goes before the command, for another network for instance. */
export function startCommand(given: string[], prefix: string[] = []): CommandProcess {
  const [program = '', ...args] = [...prefix, process.execPath, COMMAND, ...given];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = once(child, 'exit') as Promise<[number | null, string | null]>;
  const exitCode = exit.then(([code, name]) => code ?? name ?? '');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  return {
    pid: child.pid ?? 0,
    output: () => output,
    untilPrinted: (words) => until(`it has printed ${words}`, () => words.test(output)),
    exitCode,
    end(signal = 'SIGTERM') {
      child.kill(signal);
      return exitCode;
    },
  };
}
