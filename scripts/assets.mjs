// Copies files that are not compiled to dist/: forms, labels, help, icons, Python. Bundles the editor's script.
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** Must run in the package's directory. */
export function copyAssets() {
  for (const folder of readdirSync('nodes', { withFileTypes: true })) {
    if (folder.isDirectory()) copyNode(folder.name);
  }
  bundleEditor();
  const python = 'src/project/python';
  for (const file of readdirSync(python)) {
    if (file.endsWith('.py')) cpSync(join(python, file), join('dist', python, file));
  }
}

function copyNode(node) {
  const from = join('nodes', node);
  const to = join('dist', 'nodes', node);
  mkdirSync(to, { recursive: true });
  for (const asset of [`${node}.html`, 'locales']) {
    if (existsSync(join(from, asset))) cpSync(join(from, asset), join(to, asset), { recursive: true });
  }
  const icon = join('icons', `${node}.svg`);
  if (existsSync(icon)) cpSync(icon, join(to, 'icons', `${node}.svg`));
}

/** Bundles the shared editor code into a plugin, which Node-RED loads before every node's form. */
function bundleEditor() {
  const { outputFiles } = buildSync({
    entryPoints: ['nodes/fp-editor/fp-editor.ts'],
    bundle: true,
    format: 'iife',
    globalName: 'fp',
    target: 'es2022',
    loader: { '.css': 'text' },
    write: false,
  });
  const script = outputFiles[0].text.replaceAll('</script', '<\\/script');
  writeFileSync(
    'dist/nodes/fp-editor/fp-editor.html',
    `<script type="text/javascript">\n${script}</script>\n`,
  );
}
