/** These suites are in one file to share a page of the editor, which takes seconds to load. */
import './build-a-flow.ts';
import './examples.ts';
import './help.ts';
import './jobs-rq.ts';
import './jobs.ts';
import './outputs.ts';
