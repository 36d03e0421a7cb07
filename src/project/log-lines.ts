/** Maximum lines per run, and characters per line. */
const MOST_LINES = 1000;
const LONGEST_LINE = 10_000;

/**
 * Splits text into lines: `add` takes pieces of any size, `end` flushes the last line. Limits lines and their length.
 */
export function logLines(onLine: ((line: string) => void) | undefined): {
  add: (text: string) => void;
  end: () => void;
} {
  let rest = '';
  let lines = 0;
  const emit = (line: string) => {
    lines += 1;
    if (lines <= MOST_LINES) onLine?.(line.slice(0, LONGEST_LINE));
    if (lines === MOST_LINES + 1) onLine?.('(truncated: too many lines)');
  };
  return {
    add(text) {
      const pieces = (rest + text).split(/\r?\n/);
      rest = (pieces.pop() ?? '').slice(0, LONGEST_LINE);
      for (const line of pieces) emit(line);
    },
    end() {
      if (rest !== '') emit(rest);
      rest = '';
    },
  };
}
