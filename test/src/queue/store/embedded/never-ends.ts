/** Preloaded by a test: the process does not end by itself. */
process.exit = (() => setInterval(() => undefined, 1000)) as never;
