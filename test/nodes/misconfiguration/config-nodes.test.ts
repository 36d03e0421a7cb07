import { describeMistakes } from './describe-mistakes.ts';
import { isConfigType, propertyMistakes } from './property-mistakes.ts';

describeMistakes(propertyMistakes(isConfigType), 'a mistake in a config node', 'flows');
