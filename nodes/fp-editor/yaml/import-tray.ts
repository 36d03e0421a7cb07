import { markProblems, openCodeEditor } from './code-editor.ts';
import { isThere, placeNodes } from './place-nodes.ts';
import { label, red, type CodeEditor } from './red.ts';
import { ask, type Problem, type Read } from './server.ts';

const PAUSE = 300;
const LARGEST = 1024 * 1024;

/** The dialog that makes a tab from a file. */
export function showImport(): void {
  let dialog: ImportDialog | undefined;
  red.tray.show({
    title: label('import.title'),
    width: 800,
    buttons: [
      { id: 'fp-yaml-cancel', text: label('import.cancel'), click: () => red.tray.close() },
      {
        id: 'fp-yaml-import',
        text: label('import.import'),
        class: 'primary',
        click: () => {
          if (dialog?.place()) red.tray.close();
        },
      },
    ],
    open: (tray) => (dialog = new ImportDialog(tray.find('.red-ui-tray-body'))),
    close: () => dialog?.close(),
  });
}

class ImportDialog {
  readonly #body: JQuery;
  readonly #editor: CodeEditor;
  #found: Read = { problems: [] };
  #timer: number | undefined;
  #asked = 0;

  constructor(body: JQuery) {
    this.#body = body;
    body.append($('<div style="padding: 15px">').append(form()));
    this.#editor = openCodeEditor('fp-yaml-text');
    this.#editor.getSession().on('change', () => this.#changed());
    body.find('#fp-yaml-tab').on('input', () => this.#changed());
    this.#takeFiles();
    this.#show();
    this.#editor.focus();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#editor.destroy();
  }

  /** Gives false when there is nothing to place. */
  place(): boolean {
    const { nodes } = this.#found;
    if (!nodes) return false;
    const done = placeNodes(nodes) ? 'import.done' : 'import.unchanged';
    red.notify(label(done), { type: 'success', timeout: 5000 });
    return true;
  }

  #takeFiles(): void {
    const chooser = this.#body.find<HTMLInputElement>('#fp-yaml-file');
    this.#body.find('#fp-yaml-choose').on('click', (event) => {
      event.preventDefault();
      chooser.trigger('click');
    });
    chooser.on('change', () => this.#load(chooser[0]?.files?.[0]));
    // Before the code editor, which would put the file's name into the text.
    const area = this.#body[0];
    area?.addEventListener('dragover', (event) => event.preventDefault(), true);
    area?.addEventListener(
      'drop',
      (event) => {
        event.preventDefault();
        event.stopPropagation();
        this.#load(event.dataTransfer?.files[0]);
      },
      true,
    );
  }

  #load(file: File | undefined): void {
    if (!file) return;
    const read = async () => {
      this.#body.find('#fp-yaml-tab').val(file.name.replace(/\.ya?ml$/i, ''));
      this.#editor.setValue(await file.slice(0, LARGEST).text(), -1);
    };
    read().catch((error: Error) => red.notify(error.message, { type: 'error' }));
  }

  /** Asks a moment after the last letter was typed. */
  #changed(): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#check(), PAUSE);
  }

  async #check(): Promise<void> {
    const asked = ++this.#asked;
    const text = this.#editor.getValue();
    const found = await (text.trim() === '' ? { problems: [] } : this.#ask(text));
    // An answer to an older text may come later.
    if (asked !== this.#asked) return;
    this.#found = found;
    markProblems(this.#editor, found.problems);
    this.#show();
  }

  async #ask(text: string): Promise<Read> {
    try {
      return await ask<Read>('read', { text, name: this.#body.find('#fp-yaml-tab').val() });
    } catch (error) {
      const { message } = error as Error;
      return { problems: [{ severity: 'error', path: '', line: 1, column: 1, message }] };
    }
  }

  #show(): void {
    const { problems, preview = [], nodes, rq = false } = this.#found;
    const find = (id: string) => this.#body.find(`#fp-yaml-${id}`);
    $('#fp-yaml-import')
      .prop('disabled', nodes === undefined)
      .toggleClass('disabled', nodes === undefined);
    find('hint').toggle(problems.length === 0 && !nodes);
    find('again').toggle(nodes !== undefined && isThere(nodes));
    find('rq').toggle(rq);
    find('problems').toggle(problems.length > 0);
    find('problem-list')
      .empty()
      .append(problems.map((problem) => this.#problem(problem)));
    find('preview').toggle(nodes !== undefined);
    find('preview-list')
      .empty()
      .append(preview.map((line) => $('<li>').text(line)));
  }

  #problem({ severity, path, line, column, message }: Problem): JQuery {
    const place = $('<a href="#">').text(`${label('import.line')} ${line}`);
    place.on('click', (event) => {
      event.preventDefault();
      this.#editor.gotoLine(line, column - 1);
      this.#editor.focus();
    });
    const colour = severity === 'error' ? 'error' : 'warning';
    const words = $('<span>').text(` ${path} ${message}`);
    return $('<li>').css('color', `var(--red-ui-text-color-${colour})`).append(place, words);
  }
}

function form(): JQuery {
  return $(`
    <div class="form-row">
      <label for="fp-yaml-tab"><i class="fa fa-map-o"></i> <span class="fp-tab"></span></label>
      <input type="text" id="fp-yaml-tab" value="FlowerPower" maxlength="100" style="width: 300px" />
      <button id="fp-yaml-choose" class="red-ui-button"></button>
      <input type="file" id="fp-yaml-file" accept=".yml,.yaml" style="display: none" />
    </div>
    <div id="fp-yaml-text" class="node-text-editor" style="height: 380px; min-height: 150px"></div>
    <div id="fp-yaml-hint" style="margin-top: 10px"></div>
    <div id="fp-yaml-problems" style="margin-top: 10px"><b class="fp-problems"></b><ul id="fp-yaml-problem-list"></ul></div>
    <div id="fp-yaml-preview" style="margin-top: 10px">
      <b class="fp-preview"></b><ul id="fp-yaml-preview-list"></ul>
      <div id="fp-yaml-again"></div>
      <label id="fp-yaml-rq" style="width: auto"><input type="checkbox" disabled style="width: auto; margin: 0 6px 0 0" /><span class="fp-rq"></span></label>
    </div>`)
    .find('.fp-tab')
    .text(label('import.tab'))
    .end()
    .find('#fp-yaml-choose')
    .text(label('import.choose'))
    .end()
    .find('.fp-problems')
    .text(label('import.problems'))
    .end()
    .find('.fp-preview')
    .text(label('import.preview'))
    .end()
    .find('#fp-yaml-again')
    .text(label('import.again'))
    .end()
    .find('.fp-rq')
    .text(label('import.rq'))
    .end()
    .filter('#fp-yaml-hint')
    .text(label('import.hint'))
    .end();
}
