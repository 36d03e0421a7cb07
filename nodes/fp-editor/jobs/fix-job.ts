import { red, type CodeEditor } from '../red.ts';
import { textIn } from './elements.ts';
import { label } from './label.ts';

interface Fixing {
  /** The payload as JSON text. */
  payload: string;
  /** Retries the job with the edited payload; rejects with the reason if it is refused. */
  retry: (payload: string) => Promise<void>;
}

/** Opens a dialog with the payload of a job. Mistakes are shown below the text, and the dialog stays open. */
export function openFix({ payload, retry }: Fixing): void {
  const problem = $('<div class="fp-jobs-problem" role="alert">').hide();
  let editor: CodeEditor | undefined;
  const tell = (error: Error) => problem.text(error.message).show();
  const submit = () => {
    const text = editor?.getValue() ?? payload;
    try {
      JSON.parse(text);
    } catch (error) {
      tell(error as Error);
      return;
    }
    retry(text).then(() => red.tray.close(), tell);
  };
  red.tray.show({
    title: label('fix.title'),
    width: 700,
    buttons: [
      { id: 'fp-jobs-fix-cancel', text: label('cancel'), click: () => red.tray.close() },
      { id: 'fp-jobs-fix-retry', text: label('fix.retry'), class: 'primary', click: submit },
    ],
    open: (tray) => {
      const text = $('<div id="fp-jobs-fix-text" class="node-text-editor">').height(420);
      const about = textIn('p', 'fp-jobs-about', label('fix.about'));
      tray.find('.red-ui-tray-body').append($('<div class="fp-jobs-fix">').append(about, text, problem));
      editor = red.editor.createEditor({ id: 'fp-jobs-fix-text', mode: 'ace/mode/json', value: payload });
      editor.getSession().on('change', () => problem.hide());
      editor.focus();
    },
    close: () => editor?.destroy(),
  });
}
