import type { Broker, Reservation } from '../../src/index.ts';

type Release = (isRemoved: boolean) => void;

/** Reservations of nodes that did not start. They are made when another node opens the connection. */
export class Reservations {
  readonly #releases = new Map<Reservation, Release | undefined>();
  #broker: Broker | undefined;

  /** Adds a reservation, until the returned function is called. */
  add(reservation: Reservation): Release {
    this.#releases.set(reservation, this.#broker?.reserve(reservation));
    return (isRemoved) => {
      this.#releases.get(reservation)?.(isRemoved);
      this.#releases.delete(reservation);
    };
  }

  opened(broker: Broker): void {
    this.#broker = broker;
    for (const reservation of this.#releases.keys()) {
      this.#releases.set(reservation, broker.reserve(reservation));
    }
  }
}
