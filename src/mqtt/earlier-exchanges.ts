interface Published {
  messageId: number;
  dup: boolean;
}

/**
 * Which messages an earlier process may have handled already: those of a session that it left open. Such a PUBLISH should be
 * marked with DUP (MQTT 5.0 section 3.3.1.1), but some brokers leave it out. They send again before anything else (section
 * 4.4), so until then every identifier that is new here may be one from before.
 */
export class EarlierExchanges {
  /** Undefined while no session is known. */
  #hasEarlier: boolean | undefined;
  #isCaughtUp = false;
  /** Identifiers that came while the broker sent again. */
  readonly #seen = new Set<number>();

  /** A connection began; a session that was not there begins with it. */
  session(isPresent: boolean): void {
    this.#hasEarlier = isPresent && this.#hasEarlier !== false;
    if (!this.#hasEarlier) this.caughtUp();
  }

  /** The broker has sent again what it had sent before. */
  caughtUp(): void {
    this.#isCaughtUp = true;
    this.#seen.clear();
  }

  /** Whether an earlier process may have handled this message. */
  has({ messageId, dup }: Published): boolean {
    if (!this.#hasEarlier) return false;
    const isFirst = !this.#isCaughtUp && !this.#seen.has(messageId);
    this.released(messageId);
    return dup || isFirst;
  }

  /** What comes with this identifier from now on is another message, or marked with DUP. */
  released(messageId: number): void {
    if (!this.#isCaughtUp) this.#seen.add(messageId);
  }
}
