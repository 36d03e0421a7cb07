import type { QueueEntry, QueueNumbers } from '../../fp-jobs/answers.ts';

/** What the sidebar shows below the numbers of a queue. */
export interface Page {
  element: JQuery;
  /** Called with each sample of the queue; forced when the page is shown, or the user has changed something. */
  refresh(options?: { isForced: boolean }): Promise<void>;
  /** Takes the keyboard's focus. */
  focus(): void;
}

/** What a page may do. */
export interface Surroundings {
  queue: QueueEntry;
  mayWrite: boolean;
  /** The latest sample. */
  numbers: () => QueueNumbers | undefined;
  /** Shows another page, until `back`. */
  open: (page: Page) => void;
  back: () => void;
  /** Changes the queue, and tells the user how many jobs have changed. */
  run: (action: string, selection: object) => Promise<void>;
  /** Tells the user if it fails. */
  tell: (work: Promise<unknown>) => void;
}

/** Changes whenever jobs have changed, as far as a sample shows it. */
export function marksOf({ numbers }: Surroundings): string {
  const { counts, rates } = numbers() ?? {};
  return JSON.stringify([counts, rates]);
}
