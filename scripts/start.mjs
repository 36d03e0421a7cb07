// `npm start`: makes a fresh clone ready and runs the quick start.
await import('./setup.mjs');
await import('../dist/scripts/quick-start/main.js');
