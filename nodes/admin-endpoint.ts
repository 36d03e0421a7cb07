import type { NodeAPI } from 'node-red';

/** An endpoint of the admin API, for the editor. */
interface AdminEndpoint {
  /** `post` takes JSON and nothing else. */
  method: 'get' | 'post';
  path: string;
  /** `flows.write` if it does what a deploy can do. */
  permission: 'flows.read' | 'flows.write' | 'fp-jobs.read' | 'fp-jobs.write' | 'fp-metrics.read';
  /** Resolves to a TextAnswer, or to an object that is sent as JSON. An error is sent with status 400. */
  answer: (asked: Asked) => Promise<object>;
}

/** An answer other than JSON. */
export class TextAnswer {
  readonly type: string;
  readonly text: string;

  /** `type`: the media type. */
  constructor(type: string, text: string) {
    this.type = type;
    this.text = text;
  }
}

/** The content of a request, unchecked. */
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
  type(type: string): Response;
  send(text: string): unknown;
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
      .then((answered) => send(response, answered))
      .catch(({ message }: Error) => response.status(400).json({ error: message }));
  });
}

function send(response: Response, answered: object): void {
  if (answered instanceof TextAnswer) response.type(answered.type).send(answered.text);
  else response.json(answered);
}

/**
 * Protects an editor without a login: a form on another site can send text or fields, but not JSON, because the browser asks
 * this server first.
 */
function refuseOtherThanJson(response: Response): void {
  response.status(415).json({ error: 'send JSON, with the content type application/json' });
}
