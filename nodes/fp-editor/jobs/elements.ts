import { label } from './label.ts';

interface ButtonOptions {
  icon?: string;
  /** Key of its label. */
  text?: string;
  /** Key of its name for screen readers and of its tooltip. Default: `text` */
  title?: string;
  onClick: () => void;
}

/** A button like those in the head of the editor's sidebars. */
export function button(name: string, { icon, text, title, onClick }: ButtonOptions): JQuery {
  const made = $('<button type="button" class="red-ui-sidebar-header-button">').attr('data-fp', name);
  if (icon) made.append($('<i aria-hidden="true">').addClass(`fa fa-${icon}`));
  if (text) made.append($('<span>').text(`${icon ? ' ' : ''}${label(text)}`));
  if (title) made.attr({ title: label(title), 'aria-label': label(title) });
  return made.on('click', onClick);
}

/** An element with this class and text. */
export function textIn(tag: string, name: string, text: string): JQuery {
  return $(`<${tag}>`).addClass(name).text(text);
}
