import type { Problem } from '../../../src/index.ts';
import type { Read } from '../../fp-yaml/answers.ts';
import { red, type CodeEditor } from '../red.ts';
import { tellError } from '../tell-error.ts';
import { markProblems, openCodeEditor } from './code-editor.ts';
import { label } from './label.ts';
import { isThere, placeNodes } from './place-nodes.ts';
import { ask } from './server.ts';

const PAUSE = 300;
const LARGEST = 1024 * 1024;

/** Opens the dialog that creates a tab from a file. */
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
  /** What the box says, once somebody has touched it; else the file says it. */
  #keepPython: boolean | undefined;

  constructor(body: JQuery) {
    this.#body = body;
    body.append(form());
    this.#editor = openCodeEditor('fp-yaml-text');
    this.#editor.getSession().on('change', () => this.#changed());
    body.find('#fp-yaml-tab').on('input', () => this.#changed());
    body.find('#fp-yaml-keep').on('change', (event) => {
      this.#keepPython = $(event.target).prop('checked') as boolean;
      this.#changed();
    });
    this.#takeFiles();
    this.#show();
    this.#editor.focus();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#editor.destroy();
  }

  /** Adds the nodes to the editor; returns false if there are none. */
  place(): boolean {
    const { made } = this.#found;
    if (!made) return false;
    const done = placeNodes(made) ? 'import.done' : 'import.unchanged';
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
    // Handle drops before the code editor, which would insert the file's name.
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
    read().catch(tellError);
  }

  /** Checks the text after a pause in typing. Import is disabled until the answer arrives. */
  #changed(): void {
    clearTimeout(this.#timer);
    this.#asked++;
    this.#found = { problems: [] };
    this.#enableImport();
    this.#timer = window.setTimeout(() => void this.#check(), PAUSE);
  }

  async #check(): Promise<void> {
    const asked = ++this.#asked;
    const text = this.#editor.getValue();
    const found = await (text.trim() === '' ? { problems: [] } : this.#ask(text));
    // Ignore an answer about an older text.
    if (asked !== this.#asked) return;
    this.#found = found;
    markProblems(this.#editor, found.problems);
    this.#show();
  }

  async #ask(text: string): Promise<Read> {
    try {
      const name = this.#body.find('#fp-yaml-tab').val();
      return await ask<Read>('read', { text, name, keepPython: this.#keepPython });
    } catch (error) {
      const { message } = error as Error;
      return { problems: [{ severity: 'error', path: '', line: 1, column: 1, message }] };
    }
  }

  #show(): void {
    const { problems, made } = this.#found;
    const find = (id: string) => this.#body.find(`#fp-yaml-${id}`);
    this.#enableImport();
    find('hint').toggle(problems.length === 0 && !made);
    find('again').toggle(made !== undefined && isThere(made));
    find('rq').toggle(made?.rq ?? false);
    find('keep').prop('checked', made?.keepsPython ?? false);
    find('problems').toggle(problems.length > 0);
    find('problem-list')
      .empty()
      .append(problems.map((problem) => this.#problem(problem)));
    find('preview').toggle(made !== undefined);
    find('preview-list')
      .empty()
      .append((made?.preview ?? []).map((line) => $('<li>').text(line)));
  }

  #enableImport(): void {
    const { made } = this.#found;
    $('#fp-yaml-import')
      .prop('disabled', made === undefined)
      .toggleClass('disabled', made === undefined);
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
  const rows = $(`
    <div class="form-row">
      <label for="fp-yaml-tab"><i class="fa fa-map-o"></i> <span data-label="tab"></span></label>
      <input type="text" id="fp-yaml-tab" value="FlowerPower" maxlength="100" style="width: 300px" />
      <button id="fp-yaml-choose" class="red-ui-button" data-label="choose"></button>
      <input type="file" id="fp-yaml-file" accept=".yml,.yaml" style="display: none" />
    </div>
    <div id="fp-yaml-text" class="node-text-editor" style="height: 380px; min-height: 150px"></div>
    <div id="fp-yaml-hint" style="margin-top: 10px" data-label="hint"></div>
    <div id="fp-yaml-problems" style="margin-top: 10px">
      <b data-label="problems"></b><ul id="fp-yaml-problem-list"></ul>
    </div>
    <div id="fp-yaml-preview" style="margin-top: 10px">
      <b data-label="preview"></b><ul id="fp-yaml-preview-list"></ul>
      <div id="fp-yaml-again" data-label="again"></div>
      <label id="fp-yaml-rq" style="width: auto">
        <input type="checkbox" id="fp-yaml-keep" style="width: auto; margin: 0 6px 0 0" /><span data-label="rq"></span>
      </label>
    </div>`);
  const body = $('<div style="padding: 15px">').append(rows);
  body.find('[data-label]').each((_index, element) => {
    $(element).text(label(`import.${$(element).attr('data-label')}`));
  });
  return body;
}
