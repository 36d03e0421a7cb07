import { describeEditor } from '../helpers/describe-editor.ts';
import { sharedMosquitto } from '../helpers/mosquitto.ts';
import { freePort } from '../helpers/servers.ts';
import { storeCases } from '../helpers/stores.ts';

describeEditor('the Test connection button of a broker', ['mosquitto'], (editor) => {
  beforeEach(async () => {
    await editor().edit(await editor().drag('fp-subscribe', { x: 200, y: 100 }));
    await editor().addConfig('broker');
  });

  it('shows that the broker accepts the connection', async () => {
    const { port } = sharedMosquitto();
    await editor().fillIn({ broker: '127.0.0.1', port: `${port}` });
    await editor().testConnection(/^Connected to mqtt/);
  });

  it('shows the reason for a wrong port', async () => {
    const port = await freePort();
    await editor().fillIn({ broker: '127.0.0.1', port: `${port}` });
    await editor().testConnection(new RegExp(`refused.*${port}|ECONNREFUSED.*${port}`));
  });

  it('shows the mistake in a field', async () => {
    await editor().fillIn({ port: '0' });
    await editor().testConnection(/`port` must be a whole number/);
  });
});

for (const { kind, servers, address } of storeCases) {
  describeEditor(`the Test connection button of a queue (${kind})`, servers, (editor) => {
    it('shows that the store answers', async () => {
      await editor().edit(await editor().drag('fp-worker', { x: 200, y: 100 }));
      await editor().addConfig('queue');
      await editor().fillIn(await address());
      await editor().testConnection(/./);
      await editor().picture(`store answers ${kind}`);
    });
  });
}
