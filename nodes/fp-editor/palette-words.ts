import { red } from './red.ts';

/** What people look for that is in no label. */
const words: Record<string, string> = {
  'fp-subscribe': 'mqtt in broker topic subscription',
  'fp-enqueue': 'mqtt queue job add',
  'fp-worker': 'mqtt queue job retry dead letter',
  'fp-pipeline': 'mqtt queue python javascript run',
  'fp-job': 'queue retry progress result log',
  'fp-events': 'mqtt queue job event alarm completed failed',
  'fp-control': 'mqtt queue job pause resume retry dead letter',
  'fp-stats': 'mqtt queue statistics count',
};

/** The palette's search looks at type and label only, and the label at this attribute. */
export function addPaletteWords(): void {
  red.events.on('registry:node-type-added', (type) => {
    const found = words[type];
    if (found === undefined) return;
    const entry = $(`.red-ui-palette-node[data-palette-type="${type}"]`);
    entry.attr('data-palette-label', `${entry.attr('data-palette-label') ?? ''} ${found}`);
  });
}
