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
  #isAsking = false;

  constructor(listeners: Listeners) {
    this.#listeners = listeners;
    red.comms.subscribe(`${TOPIC}#`, (topic, numbers) =>
      listeners.onNumbers(topic.slice(TOPIC.length), (numbers as QueueNumbers | null) ?? undefined),
    );
    const look = () => {
      if (!this.#isAsking) this.look();
    };
    window.setInterval(look, INTERVAL);
    document.addEventListener('visibilitychange', look);
  }

  look(): void {
    if (document.hidden || !this.#listeners.isVisible()) return;
    this.#isAsking = true;
    void this.#ask().finally(() => (this.#isAsking = false));
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
