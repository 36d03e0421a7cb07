import { describeMistakes } from './describe-mistakes.ts';
import type { Mistake } from './mistake.ts';
import { absentNodes, outputMistakes } from './wiring-mistakes.ts';

const none: Mistake = { title: 'no mistake', make: (nodes) => nodes, outcome: 'runs' };
const mistakes = [none, ...absentNodes(), ...outputMistakes()];

describeMistakes(mistakes, 'a node that is missing or leads nowhere', 'full');
