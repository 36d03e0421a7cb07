/** What a process of Node.js and its libraries read; NODE_RED_ variables are settings of Node-RED, its secrets among them. */
const NEEDED = /^(?:NODE_(?!RED_)\w+|PATH|HOME|TZ|LANG|LC_\w+|TMPDIR|TEMP|TMP|LD_\w+|SYSTEMROOT|WINDIR)$/i;

/** The environment for a process that has no use for that of Node-RED, which may hold passwords. */
export function bareEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => NEEDED.test(name)));
}
