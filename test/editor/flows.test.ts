/** One file for suites that share a page of the editor, which takes seconds to load. */
import './build-a-flow.ts';
import './examples.ts';
import './help.ts';
import './outputs.ts';
