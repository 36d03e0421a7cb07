import { isVariable } from '../../src/base/variable.ts';
import type { Login } from '../test-endpoint.ts';

/** Replaces the secrets of a login by environment variables, unless they are variables already. */
export function placeholders(prefix: string, { username, password }: Login): Login {
  return {
    ...(username && { username: hidden(username, `${prefix}_USERNAME`) }),
    ...(password && { password: hidden(password, `${prefix}_PASSWORD`) }),
  };
}

function hidden(secret: string, name: string): string {
  return isVariable(secret) ? secret : `\${${name}}`;
}
