import type { Written } from '../../fp-yaml/answers.ts';
import { red, type CodeEditor } from '../red.ts';
import { tellError } from '../tell-error.ts';
import { openCodeEditor } from './code-editor.ts';
import { label } from './label.ts';
import { ask } from './server.ts';

/** Opens the dialog that shows the open tab as a file. */
export function showExport(): void {
  const about = { nodes: red.nodes.createCompleteNodeSet(), tab: red.workspaces.active() };
  ask<Written>('write', about).then(show, tellError);
}

function show({ text, notes }: Written): void {
  let editor: CodeEditor | undefined;
  const copy = () => navigator.clipboard.writeText(editor?.getValue() ?? text);
  red.tray.show({
    title: label('export.title'),
    width: 800,
    buttons: [
      {
        id: 'fp-yaml-copy',
        text: label('export.copy'),
        click: () =>
          void copy().then(
            () => red.notify(label('export.copied'), { type: 'success', timeout: 2000 }),
            tellError,
          ),
      },
      {
        id: 'fp-yaml-download',
        text: label('export.download'),
        click: () => download(editor?.getValue() ?? text),
      },
      { id: 'fp-yaml-close', text: label('export.close'), class: 'primary', click: () => red.tray.close() },
    ],
    open: (tray) => {
      tray.find('.red-ui-tray-body').append($('<div style="padding: 15px">').append(content(notes)));
      editor = openCodeEditor('fp-yaml-text', text);
    },
    close: () => editor?.destroy(),
  });
}

function content(notes: string[]): JQuery {
  const title = label(notes.length > 0 ? 'export.notes' : 'export.complete');
  return $('<div id="fp-yaml-text" class="node-text-editor" style="height: 480px"></div>').add(
    $('<div style="margin-top: 10px">').append(
      $('<b>').text(title),
      $('<ul id="fp-yaml-notes">').append(notes.map((note) => $('<li>').text(note))),
    ),
  );
}

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }));
  $('<a download="mqtt_config.yml">').attr('href', url)[0]?.click();
  URL.revokeObjectURL(url);
}
