import { projectVersion } from './project-version.ts';
import { openSlots } from './slots.ts';

/** A process that runs pipelines, one at a time, and keeps what it has read of the project. */
export interface Runner {
  readonly isAlive: boolean;
  end: () => Promise<void>;
}

/** What runs in a project, and how many at the same time. */
export interface RunnersOptions<R extends Runner> {
  base_dir: string;
  count: number;
  /** Rejects with the signal's reason as soon as it aborts. */
  start: (signal: AbortSignal) => Promise<R>;
}

/** The runners of a project. */
export interface Runners<R extends Runner> {
  /** Waits for a runner, and hands it to `work`; rejects with the signal's reason if it aborts first. */
  use: <T>(signal: AbortSignal, work: (runner: R) => Promise<T>) => Promise<T>;
  /** Ends all of them; no run may be under way. */
  close: () => Promise<void>;
}

/** What the project's files were when somebody looked; a later look has a greater number. */
interface Look {
  number: number;
  version: string;
}

/** A place for one runner, and the newest look at the project that the runner agrees with. */
interface Slot<R> {
  runner: R | undefined;
  look: Look;
}

/**
 * Opens at most `count` runners, which start with the first runs and stay. One that ended, or that read the project
 * before a file of it changed, is replaced before a run that was asked for after the change.
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
      // While it waits for a runner, which then loses no time.
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
    async close() {
      await Promise.all(all.map(async ({ runner }) => runner?.end()));
    },
  };
}

function newSlot<R>(): Slot<R> {
  return { runner: undefined, look: { number: 0, version: '' } };
}

/** Empties the slot if its runner has ended or is out of date. */
async function upToDate<R extends Runner>(slot: Slot<R>, look: Look): Promise<void> {
  const isFresh = slot.look.version === look.version || slot.look.number > look.number;
  if (look.number > slot.look.number) slot.look = look;
  if (slot.runner?.isAlive && isFresh) return;
  await slot.runner?.end();
  slot.runner = undefined;
}
