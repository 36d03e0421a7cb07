import { red } from '../red.ts';
import { label } from './label.ts';
import lines from './lines.css';
import pages from './pages.css';
import sidebarStyle from './sidebar.css';
import { JobsSidebar } from './sidebar.ts';

const ID = 'fp-jobs';

/** Adds the tab "Jobs" to the sidebar, for users who may see jobs. */
export function addJobsSidebar(): void {
  red.plugins.registerPlugin('fp-jobs-sidebar', {
    onadd: () => {
      if (!red.user.hasPermission('fp-jobs.read')) return;
      $('<style>').text([sidebarStyle, pages, lines].join('\n')).appendTo('head');
      const sidebar = new JobsSidebar();
      const action = 'flowerpower:show-jobs-tab';
      red.actions.add(action, () => red.sidebar.show(ID), { label: label('action.show') });
      red.sidebar.addTab({
        id: ID,
        label: label('title'),
        name: label('title'),
        content: sidebar.element,
        enableOnEdit: true,
        pinned: true,
        iconClass: 'fa fa-tasks',
        action,
        onchange: () => sidebar.refresh(),
      });
    },
  });
}
