import { pause } from '../../base/growing-delay.ts';
import { STEP } from '../store/queue-access.ts';

/** Options of a bulk action. */
export interface BulkOptions {
  /** Aborting it ends the action after the current step. */
  signal?: AbortSignal;
  /** Called after each step with the total number of changed jobs. */
  onProgress?: (changed: number) => void;
}

/** Options of a throttled action. */
export interface Throttle {
  /** Maximum number of jobs per second. Default: unlimited */
  perSecond?: number | undefined;
}

/** Checks the options, for `throwMistakes`. */
export function throttleMistakes({ perSecond }: Throttle): (true | string)[] {
  return [perSecond === undefined || perSecond > 0 || 'perSecond must be a number above 0'];
}

export interface StepOptions {
  /** Ignores jobs that entered the state later, in milliseconds since 1970. */
  until: number;
  /** Maximum number of jobs. */
  most: number;
  isCancelled: () => boolean;
}

/** Returns the number of changed jobs; 0 if none is left. */
export type Step = (options: StepOptions) => Promise<number>;

/** Repeats each step until it finds no more jobs. */
export async function inSteps(
  steps: Step[],
  { signal, onProgress, perSecond }: BulkOptions & Throttle,
): Promise<number> {
  const isCancelled = () => signal?.aborted ?? false;
  const options = { until: Date.now(), most: stepSize(perSecond), isCancelled };
  let changed = 0;
  for (const step of steps) {
    while (!isCancelled()) {
      const begin = performance.now();
      const last = await step(options);
      if (last === 0) break;
      changed += last;
      onProgress?.(changed);
      if (perSecond !== undefined)
        await pause(Math.max(0, (1000 * last) / perSecond - (performance.now() - begin)), signal);
    }
  }
  return changed;
}

/** A throttled action changes some jobs every quarter of a second. */
function stepSize(perSecond = Infinity): number {
  return Math.min(STEP, Math.max(1, Math.floor(perSecond / 4)));
}
