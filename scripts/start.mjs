// `npm start`: prepares a clone and runs the quick start.
await import('./setup.mjs');
await import('../dist/scripts/quick-start/main.js');
