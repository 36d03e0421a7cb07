import { red } from '../red.ts';
import { label } from './label.ts';

/** Asks before an action; resolves to true if the user agrees. */
export function confirmed(question: string, action: string): Promise<boolean> {
  return new Promise((resolve) => {
    const answer = (isAgreed: boolean) => () => {
      notification.close();
      resolve(isAgreed);
    };
    // As an element, because the editor takes text as HTML.
    const notification = red.notify($('<p>').text(question), {
      type: 'warning',
      modal: true,
      fixed: true,
      buttons: [
        { text: label('cancel'), click: answer(false) },
        { text: action, class: 'primary', click: answer(true) },
      ],
    });
  });
}
