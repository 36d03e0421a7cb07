import { describeMistakes } from './describe-mistakes.ts';
import type { Mistake } from './mistake.ts';
import { absentNodes, disabledBehindOthers, outputMistakes } from './wiring-mistakes.ts';

const none: Mistake = {
  title: 'no mistake',
  node: 'sink',
  part: 'whole',
  make: (nodes) => nodes,
  outcome: 'runs',
};
const mistakes = [none, ...absentNodes(), ...disabledBehindOthers(), ...outputMistakes()];

describeMistakes(mistakes, 'a node that is missing or leads nowhere', 'full');
