import { runCommand } from '../../src/cli/command.ts';

/** What a call of `fp-mqtt` printed, and its exit code. */
export interface Printed {
  code: number;
  output: string;
  warnings: string;
}

/** Calls the command within this process. */
export async function command(...given: string[]): Promise<Printed> {
  const printed = { output: '', warnings: '' };
  const code = await runCommand(given, {
    print: (text) => (printed.output += text),
    warn: (text) => (printed.warnings += text),
    isTerminal: false,
  });
  return { code, ...printed };
}
