/** Most lines of one run, and characters of one line. */
const MOST_LINES = 1000;
const LONGEST_LINE = 10_000;

/** Hands text on line by line: `add` takes it in any pieces, `end` what has no line end yet. Bounded. */
export function logLines(onLine: ((line: string) => void) | undefined): {
  add: (text: string) => void;
  end: () => void;
} {
  let rest = '';
  let lines = 0;
  const give = (line: string) => {
    lines += 1;
    if (lines <= MOST_LINES) onLine?.(line.slice(0, LONGEST_LINE));
    if (lines === MOST_LINES + 1) onLine?.('(more lines are left out)');
  };
  return {
    add(text) {
      const pieces = (rest + text).split(/\r?\n/);
      rest = (pieces.pop() ?? '').slice(0, LONGEST_LINE);
      for (const line of pieces) give(line);
    },
    end() {
      if (rest !== '') give(rest);
      rest = '';
    },
  };
}
