import { parseArgs } from 'node:util';
import { configVerbs } from './config/config-verbs.ts';
import { help, helpOf } from './help.ts';
import { jobsVerbs } from './jobs/jobs-verbs.ts';
import { transferVerbs } from './jobs/transfer-verbs.ts';
import { workerVerbs } from './jobs/worker-verbs.ts';
import { monitor } from './run/monitor.ts';
import { runVerbs } from './run/run-verbs.ts';
import { subscriptions } from './subscriptions.ts';
import { DONE, FAILED, MISUSED, UsageError, type Output, type Verb } from './verb.ts';

const verbs: Verb[] = [
  ...runVerbs,
  monitor,
  subscriptions,
  ...jobsVerbs,
  ...transferVerbs,
  ...workerVerbs,
  ...configVerbs,
];

/** Runs the command with what stands behind its name; never rejects. Gives the exit code. */
export async function runCommand(given: string[], output: Output): Promise<number> {
  try {
    return await run(given, output);
  } catch (error) {
    output.warn(`fp-mqtt: ${(error as Error).message}\n`);
    if (!(error instanceof UsageError)) return FAILED;
    output.warn('Try: fp-mqtt --help\n');
    return MISUSED;
  }
}

async function run(given: string[], output: Output): Promise<number> {
  const verb = verbs.find(({ words }) => startsWith(given, words.split(' ')));
  if (given.includes('--help')) {
    output.print(verb ? helpOf(verb) : help(verbs));
    return DONE;
  }
  if (!verb) throw new UsageError(given.length === 0 ? 'no verb' : `no verb ${given.slice(0, 2).join(' ')}`);
  const { operands, options } = parse(verb, given.slice(verb.words.split(' ').length));
  return verb.run({ ...output, operands, options });
}

function parse({ options }: Verb, args: string[]) {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    return { operands: positionals, options: values as Record<string, string | boolean | undefined> };
  } catch (error) {
    throw new UsageError((error as Error).message.split('. ')[0]);
  }
}

function startsWith(given: string[], words: string[]): boolean {
  return words.every((word, index) => given[index] === word);
}
