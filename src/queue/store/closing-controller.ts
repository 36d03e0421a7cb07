import { setMaxListeners } from 'node:events';

/** An AbortController for a close that any number of operations wait for; Node would warn of more than ten. */
export function closingController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
