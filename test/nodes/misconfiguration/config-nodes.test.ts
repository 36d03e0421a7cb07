import { describeMistakes } from './describe-mistakes.ts';
import { isConfigType, propertyMistakes } from './property-mistakes.ts';

describeMistakes('a mistake in a config node', propertyMistakes(isConfigType));
