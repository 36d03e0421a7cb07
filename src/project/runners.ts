import { projectVersion } from './project-version.ts';
import { openSlots } from './slots.ts';

/** A process that runs one pipeline at a time, and keeps the project's modules in memory. */
export interface Runner {
  readonly isAlive: boolean;
  end: () => Promise<void>;
}

/** Options of a project's runners. */
export interface RunnersOptions<R extends Runner> {
  base_dir: string;
  count: number;
  /** Starts a runner. Rejects with the signal's reason when it aborts. */
  start: (signal: AbortSignal) => Promise<R>;
}

/** The runners of a project. */
export interface Runners<R extends Runner> {
  /** Waits for a runner, and calls `work` with it. Rejects with the signal's reason if it aborts first. */
  use: <T>(signal: AbortSignal, work: (runner: R) => Promise<T>) => Promise<T>;
  /** Number of runners whose process runs. */
  running: () => number;
  /** Ends all runners. No run may be in progress. */
  close: () => Promise<void>;
}

/** The project's version at one check; later checks have greater numbers. */
interface Look {
  number: number;
  version: string;
}

/** A place for one runner, and the latest check of the project's version. */
interface Slot<R> {
  runner: R | undefined;
  look: Look;
}

/**
 * Opens at most `count` runners, which start on demand and stay. A runner is replaced before its next run if it has
 * ended, or if a file of the project changed before that run was requested.
 */
export function openRunners<R extends Runner>(options: RunnersOptions<R>): Runners<R> {
  const all = Array.from({ length: options.count }, newSlot<R>);
  const slots = openSlots(all, ({ runner }) => runner?.isAlive === true);
  let looks = 0;
  const look = async (): Promise<Look> => {
    const number = ++looks;
    return { number, version: await projectVersion(options.base_dir) };
  };
  return {
    async use(signal, work) {
      // Check while waiting for a runner, so that no runner idles meanwhile.
      const looking = look();
      const slot = await slots.take(signal);
      try {
        await upToDate(slot, await looking);
        slot.runner ??= await options.start(signal);
        return await work(slot.runner);
      } finally {
        slots.give(slot);
      }
    },
    running: () => all.filter(({ runner }) => runner?.isAlive === true).length,
    async close() {
      await Promise.all(all.map(async ({ runner }) => runner?.end()));
    },
  };
}

function newSlot<R>(): Slot<R> {
  return { runner: undefined, look: { number: 0, version: '' } };
}

/** Ends the slot's runner if it has ended or is out of date. */
async function upToDate<R extends Runner>(slot: Slot<R>, look: Look): Promise<void> {
  const isFresh = slot.look.version === look.version || slot.look.number > look.number;
  if (look.number > slot.look.number) slot.look = look;
  if (slot.runner?.isAlive && isFresh) return;
  await slot.runner?.end();
  slot.runner = undefined;
}
