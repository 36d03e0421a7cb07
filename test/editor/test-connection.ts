import assert from 'node:assert/strict';
import { describeEditor } from '../helpers/describe-editor.ts';
import type { Editor } from '../helpers/editor.ts';
import { sharedMosquitto } from '../helpers/mosquitto.ts';
import { openNewConfig } from '../helpers/new-node.ts';
import { isInstalled } from '../helpers/requires.ts';
import { freePort } from '../helpers/servers.ts';
import { storeCases } from '../helpers/stores.ts';

/** Whether what a button answered can be read without scrolling. */
async function isInView({ page }: Editor): Promise<boolean> {
  return page.locator('#fp-test-answer').evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    const body = element.closest('.red-ui-tray-body')?.getBoundingClientRect();
    return body !== undefined && top >= body.top && bottom <= body.bottom;
  });
}

describeEditor('the Test connection button of a broker', ['mosquitto'], (editor) => {
  it('shows that the broker accepts the connection, the reason for a wrong port, and the mistake in a field', async () => {
    await openNewConfig(editor(), 'fp-mqtt-config');
    await editor().fillIn({ broker: '127.0.0.1', port: sharedMosquitto().port });
    await editor().testConnection(/^Connected to mqtt/);
    assert.ok(await isInView(editor()), 'the answer is in view');

    const port = await freePort();
    await editor().fillIn({ port });
    await editor().testConnection(new RegExp(`refused.*${port}|ECONNREFUSED.*${port}`));

    await editor().fillIn({ port: '0' });
    await editor().testConnection(/`port` must be a whole number/);
    assert.ok(await isInView(editor()), 'the answer is in view');
  });
});

const stores = storeCases.filter(({ servers }) => servers.every(isInstalled));

describeEditor('the Test connection button of a queue', [], (editor) => {
  it(`shows that the store answers (${stores.map(({ kind }) => kind).join(', ')})`, async () => {
    await openNewConfig(editor(), 'fp-queue-config');
    for (const { kind, address } of stores) {
      await editor().fillIn(await address());
      await editor().testConnection(/^(Redis|Valkey|PostgreSQL|PGlite).* \d/);
      await editor().picture(`store answers ${kind}`);
    }
  });
});
