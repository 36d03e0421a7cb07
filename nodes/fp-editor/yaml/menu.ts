import { red } from '../red.ts';
import { showExport } from './export-tray.ts';
import { showImport } from './import-tray.ts';
import { label } from './label.ts';

/** Adds the YAML dialogs to the main menu and to the action list. */
export function addYamlMenu(): void {
  red.plugins.registerPlugin('fp-editor', {
    onadd: () => {
      for (const [name, run] of [
        ['import', showImport],
        ['export', showExport],
      ] as const) {
        const [action, text] = [`flowerpower:${name}-yaml`, label(`menu.${name}`)];
        red.actions.add(action, run, { label: text });
        red.menu.addItem('red-ui-header-button-sidemenu', {
          id: `fp-menu-${name}-yaml`,
          label: text,
          onselect: action,
        });
      }
    },
  });
}
