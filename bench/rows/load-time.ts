import { withChild } from '../child.ts';
import { alternate, type Row } from '../measured.ts';
import { startNodeRed } from '../processes.ts';

const ROUNDS = 3;

/** The time that this package adds to the start of Node-RED, which loads all nodes before it runs flows. */
export const loadTime: Row = {
  name: 'load-time',
  async run() {
    const time = (isBare: boolean) =>
      withChild(startNodeRed({ isBare }), (child) => child.ask<number>('startTime'));
    const [installed, bare] = await alternate(
      ROUNDS,
      () => time(false),
      () => time(true),
    );
    const detail = `${installed.toFixed(0)} and ${bare.toFixed(0)} ms`;
    const what = 'start of Node-RED with this package';
    return [{ what, against: "with Node-RED's core nodes only", value: installed / bare, detail }];
  },
};
