import type { Broker, Reservation } from '../../src/index.ts';

type Release = (isRemoved: boolean) => void;

/** The places of nodes that did not open; they count as soon as another node opens the connection. */
export class Reservations {
  readonly #places = new Map<Reservation, Release | undefined>();
  #broker: Broker | undefined;

  /** Keeps a place until the function returned is called. */
  add(reservation: Reservation): Release {
    this.#places.set(reservation, this.#broker?.reserve(reservation));
    return (isRemoved) => {
      this.#places.get(reservation)?.(isRemoved);
      this.#places.delete(reservation);
    };
  }

  opened(broker: Broker): void {
    this.#broker = broker;
    for (const reservation of this.#places.keys()) {
      this.#places.set(reservation, broker.reserve(reservation));
    }
  }
}
