import { red, type EditorNode } from './red.ts';

/** What a tab is marked for: an invalid value, or an environment variable that is not set. */
const TROUBLE = '.input-error, .fp-unset-variable:not(:empty)';

/**
 * Shows parts of a form as tabs: `<div data-tab="session">` is the tab labelled `fp-x.tab.session`. A tab with a mistake is marked,
 * so that the mistake is found while another tab is open. A tab without visible rows is hidden.
 */
export function showTabs(form: JQuery, node: EditorNode & { _(key: string): string }): void {
  const parts = form.find('[data-tab]').toArray();
  const [first] = parts;
  if (!first) return;
  const list = $('<ul>').insertBefore(first);
  const bar = red.tabs.create({
    element: list,
    onchange: (tab) => parts.forEach((part) => $(part).toggle(idOf(part) === tab?.id)),
  });
  list.closest('.red-ui-tabs').css({ marginBottom: '16px' });
  const shown = parts.map((part) => {
    bar.addTab({ id: idOf(part), label: node._(`${node.type}.tab.${part.dataset['tab']}`) });
    const link = list.find(`a[href="#${idOf(part)}"]`);
    return { part, tab: link.parent(), mark: addMark(link) };
  });
  const update = () => {
    for (const { part, tab, mark } of shown) {
      mark.toggle($(part).find(TROUBLE).length > 0);
      // The bar's own hideTab leaves an edge in Node-RED 4, and fails in Node-RED 5 unless the bar can scroll.
      tab.toggle(!isEmpty(part));
    }
  };
  update();
  // The editor has no event for a field that becomes invalid.
  const observer = new MutationObserver(update);
  const changes = { subtree: true, childList: true, attributeFilter: ['class', 'style'] };
  for (const part of parts) observer.observe(part, changes);
}

function idOf(part: HTMLElement): string {
  return `fp-tab-${part.dataset['tab']}`;
}

function isEmpty(part: HTMLElement): boolean {
  return [...part.querySelectorAll<HTMLElement>('.form-row')].every(({ style }) => style.display === 'none');
}

function addMark(tab: JQuery): JQuery {
  return $('<i class="fa fa-exclamation-triangle fp-tab-mistake">')
    .css({ marginLeft: '6px', color: 'var(--red-ui-text-color-error)' })
    .appendTo(tab);
}
