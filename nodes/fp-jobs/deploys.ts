const MOST = 500;

/** Times of the latest deploys and starts of this Node-RED, in milliseconds. */
export class Deploys {
  #times: number[] = [];

  add(time: number): void {
    this.#times = [...this.#times, time].slice(-MOST);
  }

  since(time: number): number[] {
    return this.#times.filter((deploy) => deploy >= time);
  }
}
