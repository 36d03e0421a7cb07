/** These suites are in one file to share a page of the editor, which takes seconds to load. */
import './palette.ts';
import './pipelines.ts';
import './tabs.ts';
import './test-connection.ts';
import './unset-variables.ts';
import './validation.ts';
