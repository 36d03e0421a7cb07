/** Variables that Node.js and its libraries read. Those with NODE_RED_ are settings of Node-RED, and may be secrets. */
const NEEDED = /^(?:NODE_(?!RED_)\w+|PATH|HOME|TZ|LANG|LC_\w+|TMPDIR|TEMP|TMP|LD_\w+|SYSTEMROOT|WINDIR)$/i;

/** Returns the environment for a child process, without Node-RED's own variables, which may be passwords. */
export function bareEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => NEEDED.test(name)));
}
