import { fork, type ForkOptions } from 'node:child_process';
import { once } from 'node:events';

/** A child process that answers one question at a time. */
export interface Child {
  ask<T>(question: string, about?: unknown): Promise<T>;
  stop(): Promise<void>;
}

interface Answer {
  answer?: unknown;
  error?: string;
}

export async function startChild(
  script: string,
  args: string[] = [],
  options: ForkOptions = {},
): Promise<Child> {
  const child = fork(script, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], ...options });
  const ended = once(child, 'exit');
  const answer = async (): Promise<Answer> => {
    const gone = ended.then(([code]) => ({ error: `${script} ended with code ${code}` }));
    return Promise.race([once(child, 'message').then(([message]) => message as Answer), gone]);
  };
  const ask = async <T>(question: string, about?: unknown): Promise<T> => {
    child.send({ question, about });
    const { answer: given, error } = await answer();
    if (error !== undefined) throw new Error(error);
    return given as T;
  };
  await ask('ready');
  return {
    ask,
    async stop() {
      child.send({ question: 'stop' });
      await ended;
    },
  };
}

/** Measures with a process, and ends it afterwards. */
export async function withChild<T>(
  starting: Promise<Child>,
  measure: (child: Child) => Promise<T>,
): Promise<T> {
  const child = await starting;
  try {
    return await measure(child);
  } finally {
    await child.stop();
  }
}

type Answers = Record<string, (about: never) => unknown>;

/** The child's part: answers until it must stop or its parent has ended. */
export function answerQuestions(answers: Answers & { stop: () => unknown }): void {
  process.on('disconnect', () => process.exit(1));
  process.on('message', ({ question, about }: { question: string; about: never }) => {
    const answering = Promise.resolve(about).then(async (given) => answers[question]?.(given));
    answering
      .then((answer) => (question === 'stop' ? process.exit(0) : process.send?.({ answer })))
      .catch((error: Error) => process.send?.({ error: error.message }));
  });
}
