interface Request {
  is(type: string): unknown;
}

interface Response {
  status(code: number): { json(body: object): unknown };
}

/**
 * Lets JSON through and nothing else. A form on another site can send text or fields to an editor that has no login, but
 * not JSON: the browser asks this server first.
 */
export function jsonOnly(request: Request, response: Response, next: () => void): void {
  if (request.is('application/json')) next();
  else response.status(415).json({ error: 'send JSON, with the content type application/json' });
}
