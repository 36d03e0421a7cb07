/**
 * Returns a function that asks, and reuses the answer to the same question for `time` milliseconds. An error is only passed to
 * calls that already wait for it.
 */
export function sharedFor<Question, Answer>(
  time: number,
  ask: (question: Question) => Promise<Answer>,
): (question: Question) => Promise<Answer> {
  let last: { question: Question; askedAt: number; answer: Promise<Answer> } | undefined;
  return (question) => {
    const now = performance.now();
    if (last && last.question === question && now - last.askedAt < time) return last.answer;
    const current = { question, askedAt: now, answer: ask(question) };
    current.answer.catch(() => {
      if (last === current) last = undefined;
    });
    last = current;
    return current.answer;
  };
}
