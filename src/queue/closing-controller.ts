import { setMaxListeners } from 'node:events';

/** Tells everything under way that it closes; Node takes more than ten listeners for a leak unless told otherwise. */
export function closingController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
