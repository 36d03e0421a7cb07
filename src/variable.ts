const ANYWHERE = /\$(?:\{([^\s{}]+)\}|\(([^\s()]+)\))/;
const WHOLE = new RegExp(`^${ANYWHERE.source}$`);

/** What a text that stands for an environment variable looks like, as JSON Schema says it. */
export const variablePattern = ANYWHERE.source;

/**
 * The name of the environment variable that a value such as `${NAME}` or `$(NAME)` stands for, as Node-RED reads it;
 * undefined for any other value.
 */
export function variableName(value: unknown): string | undefined {
  const found = typeof value === 'string' ? WHOLE.exec(value) : null;
  return found?.[1] ?? found?.[2];
}

/** Whether a value stands for an environment variable. */
export function isVariable(value: unknown): boolean {
  return variableName(value) !== undefined;
}

/** What in a text looks like an environment variable, such as `${HOST}` in `${HOST}.example`. */
export function variableWithin(text: string): string | undefined {
  return ANYWHERE.exec(text)?.[0];
}
