import assert from 'node:assert/strict';
import { describeEditor } from '../helpers/describe-editor.ts';

/** Each node's headings and the message properties that its help lists. */
const helpOf: Record<string, { headings: string[]; properties: string[] }> = {
  'fp-subscribe': {
    headings: ['Outputs', 'Details'],
    properties: [
      'payload',
      'schema',
      'topic',
      'qos',
      'retain',
      'pipeline',
      'executionMode',
      'executionTimestamp',
    ],
  },
  'fp-enqueue': {
    headings: ['Inputs', 'Outputs', 'Details'],
    properties: ['payload', 'pipeline', 'payload', 'job', 'executionMode'],
  },
  'fp-worker': { headings: ['Outputs', 'Details'], properties: ['job', 'error'] },
  'fp-stats': { headings: ['Inputs', 'Outputs', 'Details'], properties: ['payload'] },
  'fp-pipeline': {
    headings: ['Inputs', 'Outputs', 'Details'],
    properties: ['payload', 'pipeline', 'payload', 'pipelineRun'],
  },
  'fp-job': { headings: ['Inputs', 'Outputs', 'Details'], properties: ['payload', 'payload'] },
  'fp-schedule': {
    headings: ['Details'],
    properties: ['payload', 'topic', 'pipeline', 'executionTimestamp'],
  },
  'fp-control': {
    headings: ['Inputs', 'Outputs', 'Details'],
    properties: ['jobId', 'command', 'state', 'cursor', 'group', 'search', 'perSecond', 'payload'],
  },
  'fp-events': {
    headings: ['Outputs', 'Details'],
    properties: ['event', 'payload', 'jobId', 'pipeline', 'job', 'error', 'machine', 'queue', 'time'],
  },
  'fp-mqtt-config': { headings: ['Details'], properties: [] },
  'fp-queue-config': { headings: ['Details'], properties: [] },
  'fp-project-config': { headings: ['Details'], properties: [] },
};

describeEditor('the help sidebar', [], (editor) => {
  for (const [type, { headings, properties }] of Object.entries(helpOf)) {
    it(`explains ${type}`, async () => {
      const help = await editor().help(type);
      assert.deepEqual(await help.locator('h3').allTextContents(), headings);
      const names = help.locator('dl.message-properties dt');
      assert.deepEqual(
        await names.evaluateAll((all) => all.map((dt) => dt.firstChild?.textContent)),
        properties,
      );
      assert.doesNotMatch((await help.textContent()) ?? '', /^ *: |\*\*|`/m, 'no markdown is left');
      await editor().picture(`help ${type}`);
    });
  }
});
