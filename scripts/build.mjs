// Compiles src, nodes and test to dist/, and puts each node's form, labels, help and icon beside its compiled file.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { packDatabase } from './pack-database.mjs';

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));
rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc'], { stdio: 'inherit' });
for (const folder of readdirSync('nodes', { withFileTypes: true })) {
  if (folder.isDirectory()) copyAssets(folder.name);
}
bundleEditor();
const python = 'src/project/python';
for (const file of readdirSync(python)) {
  if (file.endsWith('.py')) cpSync(join(python, file), join('dist', python, file));
}
await packDatabase('dist/src/queue/store/embedded/process/template.br');

function copyAssets(node) {
  const from = join('nodes', node);
  const to = join('dist', 'nodes', node);
  mkdirSync(to, { recursive: true });
  for (const asset of [`${node}.html`, 'locales']) {
    if (existsSync(join(from, asset))) cpSync(join(from, asset), join(to, asset), { recursive: true });
  }
  const icon = join('icons', `${node}.svg`);
  if (existsSync(icon)) cpSync(icon, join(to, 'icons', `${node}.svg`));
}

/** The shared editor code is a plugin: one script that Node-RED loads before every node's form. */
function bundleEditor() {
  const { outputFiles } = buildSync({
    entryPoints: ['nodes/fp-editor/fp-editor.ts'],
    bundle: true,
    format: 'iife',
    globalName: 'fp',
    target: 'es2022',
    write: false,
  });
  const script = outputFiles[0].text.replaceAll('</script', '<\\/script');
  writeFileSync(
    'dist/nodes/fp-editor/fp-editor.html',
    `<script type="text/javascript">\n${script}</script>\n`,
  );
}
