/** PGlite with PostgreSQL 17, whose process does not end by itself. */
export { PGlite } from 'pglite-17';

process.exit = (() => setInterval(() => undefined, 1000)) as never;
