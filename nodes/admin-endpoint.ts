import type { NodeAPI } from 'node-red';

/** An endpoint of the admin API, for the editor. */
export interface AdminEndpoint {
  /** `post` takes JSON and nothing else. */
  method: 'get' | 'post';
  path: string;
  /** `flows.write` if it does what a deploy can do. */
  permission: 'flows.read' | 'flows.write' | 'fp-jobs.read' | 'fp-jobs.write';
  /** Resolves to the answer, or rejects with an error about the request, which is sent with status 400. */
  answer: (asked: Asked) => Promise<object>;
}

/** What a request asks for; nothing of it has been checked. */
export interface Asked {
  body: Record<string, unknown>;
  params: Record<string, unknown>;
  query: Record<string, unknown>;
  /** Name of the user; undefined if the editor has no login. */
  user: string | undefined;
}

interface Request extends Omit<Asked, 'body' | 'user'> {
  body?: unknown;
  user?: { username?: unknown };
  is(type: string): unknown;
}

interface Response {
  status(code: number): Response;
  json(body: object): unknown;
}

export function addAdminEndpoint(RED: NodeAPI, { method, path, permission, answer }: AdminEndpoint): void {
  const permitted = RED.auth.needsPermission(permission);
  RED.httpAdmin[method](path, permitted, (request: Request, response: Response) => {
    if (method === 'post' && !request.is('application/json')) return refuseOtherThanJson(response);
    const { params, query } = request;
    const body = Object(request.body) as Record<string, unknown>;
    const { username } = request.user ?? {};
    const user = typeof username === 'string' ? username : undefined;
    answer({ body, params, query, user })
      .then((answered) => response.json(answered))
      .catch(({ message }: Error) => response.status(400).json({ error: message }));
  });
}

/**
 * A form on another site can send text or fields to an editor that has no login, but not JSON: the browser asks this server
 * first.
 */
function refuseOtherThanJson(response: Response): void {
  response.status(415).json({ error: 'send JSON, with the content type application/json' });
}
