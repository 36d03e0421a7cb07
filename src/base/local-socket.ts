/**
 * Calls between processes of one user on one machine, over a socket in a folder that only its owner can open. Each connection
 * carries one call. Values are encoded as in jobs.
 */
import { mkdir, rm } from 'node:fs/promises';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { encodeValue, walkFrom } from '../values/encode-value.ts';
import { GiveUpError } from './errors.ts';
import { decodeValue } from '../values/value-tags.ts';

/** Answers a call of `method` with the argument `given`. */
type Answer = (method: string, given: unknown) => Promise<unknown>;

type Reply = { result: unknown } | { error: string };

/** Maximum characters of a call, and of a reply. */
const LONGEST_CALL = 65_536;
const LONGEST_REPLY = 16_777_216;
/** Maximum bytes of a socket's path on every system (sun_path in unix(7) has 104 to 108). */
const LONGEST_PATH = 100;
/** Maximum milliseconds to wait for the other side: counting a large queue takes seconds. */
const SILENCE = 30_000;

/** No process answers at the socket. */
export class NobodyThereError extends GiveUpError {
  override name = 'NobodyThereError';
}

/**
 * Answers calls at `path` until the returned function is called. Replaces a socket that an earlier process left. Calls
 * `onError` with the reason if no process can connect.
 */
export function answerCalls(
  path: string,
  answer: Answer,
  onError: (error: Error) => void,
): () => Promise<void> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    void serve(socket, answer);
  });
  const listening = listen(server, path).catch(onError);
  return () => listening.then(() => close(server, open));
}

async function listen(server: Server, path: string): Promise<void> {
  if (process.platform === 'win32' || Buffer.byteLength(path) > LONGEST_PATH) {
    throw new GiveUpError(`${path} cannot be a socket here: use a folder with a shorter path`);
  }
  // The permissions of the folder decide who may connect.
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await rm(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
}

/**
 * Calls the process that answers at `path`.
 *
 * @throws NobodyThereError if none does, GiveUpError with the error message of the other process
 */
export async function call(path: string, method: string, given: unknown): Promise<unknown> {
  const sent = encodeValue(given, walkFrom('the call', LONGEST_CALL));
  const socket = await connect(path);
  try {
    socket.write(`${JSON.stringify({ method, given: sent })}\n`);
    const reply = JSON.parse(await readLine(socket, LONGEST_REPLY)) as Reply;
    if ('error' in reply) throw new GiveUpError(reply.error);
    return decodeValue(reply.result);
  } finally {
    socket.destroy();
  }
}

function connect(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path, () => resolve(socket));
    socket.once('error', ({ message }) => reject(new NobodyThereError(`nobody answers: ${message}`)));
  });
}

async function serve(socket: Socket, answer: Answer): Promise<void> {
  try {
    const { method, given } = JSON.parse(await readLine(socket, LONGEST_CALL)) as Record<string, unknown>;
    socket.end(`${JSON.stringify(await replyTo(String(method), decodeValue(given), answer))}\n`);
  } catch {
    socket.destroy();
  }
}

async function replyTo(method: string, given: unknown, answer: Answer): Promise<Reply> {
  try {
    return { result: encodeValue(await answer(method, given), walkFrom('the answer', LONGEST_REPLY / 2)) };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

function readLine(socket: Socket, longest: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.setEncoding('utf8').setTimeout(SILENCE, () => socket.destroy(new Error('no answer in time')));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the connection was closed')));
    socket.on('data', (chunk: string) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end >= 0) resolve(text.slice(0, end));
      else if (text.length > longest) socket.destroy(new Error('too long'));
    });
  });
}

async function close(server: Server, open: Set<Socket>): Promise<void> {
  // A server that never listened calls back with an error.
  const isClosed = new Promise((resolve) => server.close(resolve));
  for (const socket of open) socket.destroy();
  await isClosed;
}
