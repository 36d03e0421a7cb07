/** These suites are in one file to share a page of the editor, which takes seconds to load. */
import './yaml-every-option.ts';
import './yaml-formats.ts';
import './yaml-import.ts';
import './yaml-python-workers.ts';
