/**
 * Mocha hooks for the whole run and for every test file. Several processes run one file at a time. All files share
 * servers; the files of a process share a Node-RED and an embedded database.
 */
import assert from 'node:assert/strict';
import { relative } from 'node:path';
import { closeBrowser } from './describe-editor.ts';
import { restNodeRed, stopNodeRed } from './node-red.ts';
import { handlesBeyond, openHandles, type Handles } from './open-handles.ts';
import { beginNotes, note, readNotes } from './run-notes.ts';
import { stopServers } from './servers.ts';
import { startSharedServers } from './shared-servers.ts';
import { closeStores, handlesOfStores } from './stores.ts';
import { until } from './until.ts';

/** Number of slowest files listed at the end of a run. */
const SLOWEST = 10;

/** Runs before the first file, in the main process. */
export async function mochaGlobalSetup(): Promise<void> {
  beginNotes();
  await startSharedServers();
}

/** Runs after the last file, in the main process. */
export async function mochaGlobalTeardown(): Promise<void> {
  await stopNodeRed();
  await closeStores();
  await stopServers();
  const slowest = readNotes('seconds').toSorted((a, b) => parseFloat(b) - parseFloat(a));
  console.log(`slowest files:\n${slowest.slice(0, SLOWEST).join('\n')}\n`);
  for (const line of readNotes('left-out')) console.log(line);
}

const unhandled: unknown[] = [];
const remember = (error: unknown) => {
  // Ignore unhandled rejections of contributed nodes.
  const isOfContributed = error instanceof Error && /real-nodes.packages/.test(error.stack ?? '');
  if (!isOfContributed) unhandled.push(error);
};
let handlesBefore: Handles;
let began: number;

/** Runs before and after each file, or before and after all files without --parallel. */
export const mochaHooks: Mocha.RootHookObject = {
  beforeAll() {
    began = Date.now();
    handlesBefore = openHandles();
    process.on('unhandledRejection', remember);
    process.on('uncaughtExceptionMonitor', remember);
  },
  async afterAll(this: Mocha.Context) {
    this.timeout(120_000);
    await closeBrowser();
    const ofNodeRed = await restNodeRed();
    await stopServers();
    process.off('unhandledRejection', remember);
    process.off('uncaughtExceptionMonitor', remember);
    note('seconds', `${((Date.now() - began) / 1000).toFixed(1)} s ${fileOf(this)}`);
    const { Timeout = 0, ...others } = largest(handlesBefore, sum(ofNodeRed, handlesOfStores()));
    // Mocha has one more timer for this hook.
    const allowed = { ...others, Timeout: Timeout + 1 };
    await until('every handle is closed', () => handlesBeyond(allowed).length === 0, 30_000).catch(
      () => undefined,
    );
    assert.deepEqual(handlesBeyond(allowed), [], 'handles were left open');
    assert.deepEqual(unhandled.splice(0), [], 'a rejection or exception was left unhandled');
  },
};

function largest(a: Handles, b: Handles): Handles {
  return byKind(a, b, Math.max);
}

function sum(a: Handles, b: Handles): Handles {
  return byKind(a, b, (one, other) => one + other);
}

function byKind(a: Handles, b: Handles, join: (one: number, other: number) => number): Handles {
  return Object.fromEntries(
    Object.keys({ ...a, ...b }).map((kind) => [kind, join(a[kind] ?? 0, b[kind] ?? 0)]),
  );
}

function fileOf({ test }: Mocha.Context): string {
  const file = test?.parent?.suites[0]?.file ?? 'all files';
  return relative(process.cwd(), file);
}
