/** What the edit dialogs share; Node-RED loads it before the nodes' forms, as the global `fp`. */

export const version = 1;
