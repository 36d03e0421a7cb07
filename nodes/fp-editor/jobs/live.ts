import type { LookView, QueueNumbers } from '../../fp-jobs/answers.ts';
import { red } from '../red.ts';
import { server } from './server.ts';

/** Milliseconds between two looks; after each, the runtime pushes samples for 10 s. */
const INTERVAL = 4000;
const TOPIC = 'fp-jobs/';

interface Listeners {
  /** Nobody looks while the tab is hidden. */
  isVisible: () => boolean;
  /** IDs of the queues on show. */
  queues: () => string[];
  onLook: (look: LookView) => void;
  /** Hears the samples; undefined if one failed. */
  onNumbers: (queue: string, numbers: QueueNumbers | undefined) => void;
  /** Hears why a look failed; undefined if it did not. */
  onProblem: (error?: Error) => void;
}

/** Looks at the queues on show, and hears their samples through the editor's own connection. */
export class Live {
  readonly #listeners: Listeners;
  /** Number of looks without an answer yet. */
  #asking = 0;
  /** Samples that came meanwhile. After a deploy, the page learns from the answer which queue they belong to. */
  #early: (() => void)[] = [];

  constructor(listeners: Listeners) {
    this.#listeners = listeners;
    red.comms.subscribe(`${TOPIC}#`, (topic, numbers) => {
      const tell = () =>
        listeners.onNumbers(topic.slice(TOPIC.length), (numbers as QueueNumbers | null) ?? undefined);
      if (this.#asking > 0) this.#early.push(tell);
      else tell();
    });
    const look = () => {
      if (this.#asking === 0) this.look();
    };
    window.setInterval(look, INTERVAL);
    document.addEventListener('visibilitychange', look);
  }

  look(): void {
    if (document.hidden || !this.#listeners.isVisible()) return;
    this.#asking++;
    void this.#ask().finally(() => {
      if (--this.#asking === 0) for (const tell of this.#early.splice(0)) tell();
    });
  }

  async #ask(): Promise<void> {
    const { queues, onLook, onProblem } = this.#listeners;
    try {
      const look = await server.look(queues());
      onProblem();
      onLook(look);
    } catch (error) {
      onProblem(error as Error);
    }
  }
}
