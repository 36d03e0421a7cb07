import type { Row } from './measured.ts';
import { mqttToDone } from './rows/mqtt-to-done.ts';

/** What is measured, in the order of the table. */
export const rows: Row[] = [mqttToDone];
