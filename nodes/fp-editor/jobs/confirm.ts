import { red } from '../red.ts';
import { textIn } from './elements.ts';
import { label } from './label.ts';

/** Above so many jobs, the user types their number. */
const MOST_CLICKED = 1000;

interface Question {
  text: string;
  /** Text of the button that agrees. */
  action: string;
  /** Number of jobs that will be lost. */
  jobs?: number;
}

/** Asks before an action; resolves to true if the user agrees. */
export async function confirmed({ text, action, jobs = 0 }: Question): Promise<boolean> {
  if (jobs <= MOST_CLICKED) return (await asked({ text, action })) !== undefined;
  const field = $('<input type="text" class="fp-jobs-typed" autocomplete="off">');
  const prompt = textIn('label', '', label('confirm.type', { n: `${jobs}` })).append(field);
  const isTyped = () => String(field.val()).replaceAll(/\D/g, '') === `${jobs}`;
  return (await asked({ text, action, field, prompt, isValid: isTyped })) !== undefined;
}

/** Asks for the speed of a retry; resolves to jobs per second, or undefined if the user does not agree. */
export async function askedSpeed({ text, action }: Question): Promise<number | undefined> {
  const field = $('<input type="number" class="fp-jobs-typed" min="1" max="10000" value="50">');
  const prompt = textIn('label', '', label('confirm.speed')).append(field);
  const isValid = () => Number(field.val()) >= 1 && Number(field.val()) <= 10_000;
  const found = await asked({ text, action, field, prompt, isValid });
  return found === undefined ? undefined : Number(found);
}

interface Dialog extends Question {
  field?: JQuery;
  prompt?: JQuery;
  isValid?: () => boolean;
}

/** Resolves to the text of the field; undefined if the user cancels. */
function asked({ text, action, field, prompt, isValid = () => true }: Dialog): Promise<string | undefined> {
  return new Promise((resolve) => {
    // As an element, because the editor takes text as HTML.
    const content = $('<div class="fp-jobs-question">').append(textIn('p', '', text), prompt ?? $());
    const close = (answer?: string) => {
      notification.close();
      resolve(answer);
    };
    const agree = () => {
      if (isValid()) close(String(field?.val() ?? ''));
      else field?.addClass('input-error').trigger('focus');
    };
    const notification = red.notify(content, {
      type: 'warning',
      modal: true,
      fixed: true,
      buttons: [
        { text: label('cancel'), click: () => close() },
        { text: action, class: 'primary', click: agree },
      ],
    });
    field?.on('keydown', (event) => {
      if (event.key !== 'Enter') return;
      event.stopPropagation();
      agree();
    });
    field?.trigger('focus');
  });
}
