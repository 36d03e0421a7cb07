import { setMaxListeners } from 'node:events';

/** Creates an AbortController for any number of listeners; Node.js would warn of more than ten. */
export function closingController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
