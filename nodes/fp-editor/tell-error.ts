import { red } from './red.ts';

/** Shows an error for as long as it takes to read it; as text, since it may quote what came from outside. */
export function tellError({ message }: Error): void {
  red.notify($('<p>').text(message), { type: 'error', timeout: 8000 });
}
