import type { GatewayStatistics } from '../../engine/gateway.ts';
import type { Call } from '../verb.ts';

const EVERY = 1000;
/** Goes to the first column and removes what stands in the line (ECMA-48, EL). */
const CLEAR = '\r\u001B[K';

export interface LiveLine {
  /** Prints above the line. */
  print: (text: string) => void;
  /** Shows these statistics, until `close`. */
  follow: (read: () => Promise<GatewayStatistics>) => void;
  close: () => void;
}

/** Keeps the newest statistics in the last line of a terminal; in a pipe there is no such line. */
export function openLiveLine({ print, isTerminal }: Pick<Call, 'print' | 'isTerminal'>): LiveLine {
  if (!isTerminal) return { print, follow: () => undefined, close: () => undefined };
  let line = '';
  let isReading = false;
  let timer: NodeJS.Timeout | undefined;
  const show = async (read: () => Promise<GatewayStatistics>) => {
    if (isReading) return;
    isReading = true;
    line = await read().then(lineOf, () => line);
    isReading = false;
    print(`${CLEAR}${line}`);
  };
  return {
    print: (text) => print(`${CLEAR}${text}${line}`),
    follow: (read) => void (timer = setInterval(() => void show(read), EVERY)),
    close() {
      clearInterval(timer);
      print(CLEAR);
    },
  };
}

function lineOf({ message_count, error_count, connected, job_queue_stats }: GatewayStatistics): string {
  const listener =
    message_count === undefined
      ? []
      : [connected ? 'connected' : 'not connected', `${message_count} received`, `${error_count} errors`];
  const jobs = job_queue_stats
    ? [
        `${job_queue_stats.waiting} waiting`,
        `${job_queue_stats.active} running`,
        `${job_queue_stats.completed} completed`,
        `${job_queue_stats.failed} dead`,
      ]
    : [];
  return [...listener, ...jobs].join(', ');
}
