/** Uses the editor's variables, so that it follows the theme. */
export const style = `
.fp-jobs { position: relative; height: 100%; display: flex; flex-direction: column; color: var(--red-ui-primary-text-color); background: var(--red-ui-secondary-background); }
.fp-jobs .red-ui-sidebar-header { display: flex; gap: 5px; align-items: center; }
.fp-jobs select.fp-jobs-queue { flex: 1; min-width: 0; height: 26px; margin: 0; padding: 2px 4px; font-size: 13px; }
.fp-jobs-problem { padding: 6px 10px; color: var(--red-ui-text-color-error); overflow-wrap: anywhere; }
.fp-jobs-paused { padding: 3px 10px; font-size: 12px; font-weight: bold; text-align: center; color: #333; background: var(--red-ui-debug-message-border-warning, #ffcf70); }
.fp-jobs-facts { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 12px; padding: 6px 10px; font-size: 12px; overflow-wrap: anywhere; }
.fp-jobs-bad, .fp-jobs b.fp-jobs-bad { color: var(--red-ui-text-color-error); }
.fp-jobs-states { display: flex; border-top: 1px solid var(--red-ui-secondary-border-color); border-bottom: 1px solid var(--red-ui-secondary-border-color); }
.fp-jobs-states button { flex: 1 1 0; min-width: 0; padding: 5px 1px; border: 0; border-bottom: 2px solid transparent; font-size: 11px; color: inherit; background: none; overflow: hidden; }
.fp-jobs-states button:hover { background: var(--red-ui-list-item-background-hover); }
.fp-jobs-states button[aria-selected='true'] { border-bottom-color: var(--red-ui-form-input-border-selected-color, #888); background: var(--red-ui-tertiary-background); }
.fp-jobs-number { display: block; font-size: 15px; font-variant-numeric: tabular-nums; }
.fp-jobs-number.fp-jobs-zero { font-weight: normal; opacity: 0.6; }
.fp-jobs button:focus-visible { outline: 1px solid var(--red-ui-workspace-button-color-focus-outline); outline-offset: -1px; }
.fp-jobs-buttons { display: flex; flex-wrap: wrap; gap: 5px; padding: 6px 10px; }
.fp-jobs-buttons:empty { display: none; }
.fp-jobs-body { flex: 1; min-height: 0; overflow-y: auto; }
.fp-jobs .fp-jobs-row { display: block; width: 100%; padding: 3px 8px; border: 0; border-bottom: 1px solid var(--red-ui-debug-message-border); border-left: 8px solid var(--red-ui-debug-message-border); text-align: left; font-size: 12px; line-height: 1.4; color: inherit; background: var(--red-ui-debug-message-background); }
.fp-jobs .fp-jobs-row:hover { background: var(--red-ui-debug-message-background-hover); }
.fp-jobs .fp-jobs-row-dead { border-left-color: var(--red-ui-debug-message-border-error); }
.fp-jobs-line { display: flex; justify-content: space-between; gap: 8px; }
.fp-jobs-name, .fp-jobs-topic, .fp-jobs-row .fp-jobs-error { font-size: 12px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.fp-jobs-name { font-weight: bold; }
.fp-jobs-topic { color: var(--red-ui-debug-message-text-color-meta); }
.fp-jobs-side { flex: none; color: var(--red-ui-secondary-text-color-inactive); font-size: 11px; }
.fp-jobs-error { display: block; font-size: 12px; white-space: pre-wrap; color: var(--red-ui-text-color-error); overflow-wrap: anywhere; }
.fp-jobs-empty { padding: 20px 10px; text-align: center; color: var(--red-ui-secondary-text-color); }
.fp-jobs .fp-jobs-more { display: block; width: calc(100% - 20px); margin: 8px 10px; }
.fp-jobs-job { padding-bottom: 15px; }
.fp-jobs-job > :not(.fp-jobs-buttons) { margin-left: 10px; margin-right: 10px; }
.fp-jobs-table { font-size: 12px; overflow-wrap: anywhere; }
.fp-jobs-table th { padding-right: 12px; font-weight: normal; text-align: left; vertical-align: top; white-space: nowrap; color: var(--red-ui-secondary-text-color-inactive); }
.fp-jobs-title { margin-top: 10px; margin-bottom: 2px; font-size: 12px; line-height: 1.4; color: inherit; }
.fp-jobs-pre { margin-top: 0; margin-bottom: 0; padding: 4px 6px; max-height: 260px; overflow: auto; font-size: 11px; line-height: 1.35; white-space: pre-wrap; color: inherit; background: var(--red-ui-tertiary-background); border: 1px solid var(--red-ui-secondary-border-color); }
`;
