import { describeMistakes } from './describe-mistakes.ts';
import { isConfigType, propertyMistakes } from './property-mistakes.ts';

const mistakes = propertyMistakes((type) => !isConfigType(type));

describeMistakes(mistakes, 'a mistake in a node', 'nodes');
