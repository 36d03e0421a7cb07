/** The engine's public face: the only file that nodes/ imports. */
export * from './errors.ts';
export * from './model.ts';
