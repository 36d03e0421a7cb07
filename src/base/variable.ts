const ANYWHERE = /\$(?:\{([^\s{}]+)\}|\(([^\s()]+)\))/;
const WHOLE = new RegExp(`^${ANYWHERE.source}$`);

/** JSON Schema pattern of an environment variable. */
export const variablePattern = ANYWHERE.source;

/**
 * Returns the name of the environment variable in a value such as `${NAME}` or `$(NAME)`, by Node-RED's rule; undefined
 * for other values.
 */
export function variableName(value: unknown): string | undefined {
  const found = typeof value === 'string' ? WHOLE.exec(value) : null;
  return found?.[1] ?? found?.[2];
}

/** Tells whether a value is an environment variable. */
export function isVariable(value: unknown): boolean {
  return variableName(value) !== undefined;
}

/** Finds an environment variable inside a text, such as `${HOST}` in `${HOST}.example`. */
export function variableWithin(text: string): string | undefined {
  return ANYWHERE.exec(text)?.[0];
}
