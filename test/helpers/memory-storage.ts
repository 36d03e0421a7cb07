import { setImmediate } from 'node:timers/promises';

/** What Node-RED asks of a storage. */
export interface MemoryStorage {
  getFlows(): Promise<unknown[]>;
  [method: string]: (saved: never) => Promise<unknown>;
}

/** Keeps what Node-RED saves in memory: each deploy would write and move several files. */
export function memoryStorage(): MemoryStorage {
  let flows: unknown[] = [];
  let [credentials, settings, sessions]: object[] = [{}, {}, {}];
  return {
    init: async () => undefined,
    getFlows: async () => flows,
    async saveFlows(saved: unknown[]) {
      flows = saved;
      // Like with a disk, messages that were sent before a deploy arrive before it stops nodes.
      for (let turn = 0; turn < 3; turn++) await setImmediate();
    },
    getCredentials: async () => credentials,
    saveCredentials: async (saved: object) => void (credentials = saved),
    getSettings: async () => settings,
    saveSettings: async (saved: object) => void (settings = saved),
    getSessions: async () => sessions,
    saveSessions: async (saved: object) => void (sessions = saved),
    getLibraryEntry: async () => [],
    saveLibraryEntry: async () => undefined,
  };
}
