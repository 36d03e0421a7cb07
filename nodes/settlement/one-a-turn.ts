/** Runs the tasks of each key in order, one per turn of the event loop. */
export class OneATurn {
  readonly #waiting = new Map<object, (() => void)[]>();

  add(key: object, task: () => void): void {
    const tasks = this.#waiting.get(key);
    if (tasks) {
      tasks.push(task);
      return;
    }
    this.#waiting.set(key, [task]);
    setImmediate(() => this.#run(key));
  }

  #run(key: object): void {
    const tasks = this.#waiting.get(key);
    tasks?.shift()?.();
    if (tasks?.length) setImmediate(() => this.#run(key));
    else this.#waiting.delete(key);
  }
}
