/** The oldest message of a subscription that has been unsettled for a long time. */
export interface HoldUp {
  topic: string;
  /** Milliseconds since 1970. */
  since: number;
  holders: string[];
}

/** Finds the message that holds up a connection: MQTT acknowledges in order, so all later ones wait for it. */
export class HoldUps {
  readonly #sources = new Set<() => HoldUp | undefined>();

  /** Adds a subscription; call the returned function when the subscription ends. */
  add(source: () => HoldUp | undefined): () => void {
    this.#sources.add(source);
    return () => void this.#sources.delete(source);
  }

  oldest(): HoldUp | undefined {
    const found = [...this.#sources].map((source) => source()).filter((holdUp) => holdUp !== undefined);
    return found.toSorted((a, b) => a.since - b.since)[0];
  }
}
