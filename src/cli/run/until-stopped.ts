const signals = ['SIGINT', 'SIGTERM'] as const;

/** Resolves to the signal with which a person or a service manager ends the command. A second one ends it at once. */
export function untilStopped(): Promise<string> {
  return new Promise((resolve) => {
    const stop = (name: string) => {
      for (const one of signals) process.off(one, stop);
      resolve(name);
    };
    for (const one of signals) process.on(one, stop);
  });
}
