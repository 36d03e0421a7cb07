import { clearLine, cursorTo } from 'node:readline';

/** Values of the live line. */
export interface LiveStatistics {
  received: number;
  queued: number;
  running: number;
  completed: number;
  deadLetters: number;
}

/** Shows statistics: every second in the same line of a terminal, every ten seconds in a log. */
export function showLiveLine(read: () => Promise<LiveStatistics | undefined>): { close(): void } {
  const terminal = process.stdout.isTTY;
  const show = async () => {
    const now = await read();
    if (!now) return;
    const line = `  received ${now.received}   queued ${now.queued}   running ${now.running}   completed ${now.completed}   dead letters ${now.deadLetters}`;
    if (!terminal) {
      console.log(line.trim());
      return;
    }
    cursorTo(process.stdout, 0);
    process.stdout.write(line);
    clearLine(process.stdout, 1);
  };
  const timer = setInterval(
    () => {
      show().catch((error: Error) => console.error(error.message));
    },
    terminal ? 1000 : 10_000,
  );
  return { close: () => clearInterval(timer) };
}
