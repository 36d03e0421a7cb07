import type { Row } from './measured.ts';
import { acknowledgement } from './rows/acknowledgement.ts';
import { backlog } from './rows/backlog.ts';
import { burst } from './rows/burst.ts';
import { cpuBound } from './rows/cpu-bound.ts';
import { dueTogether } from './rows/due-together.ts';
import { events } from './rows/events.ts';
import { flowerpower } from './rows/flowerpower.ts';
import { latency } from './rows/latency.ts';
import { loadTime } from './rows/load-time.ts';
import { memory } from './rows/memory.ts';
import { mqttToDone } from './rows/mqtt-to-done.ts';
import { rqEnqueue } from './rows/rq-enqueue.ts';
import { views } from './rows/views.ts';

/** The measurements in the order of the table. */
export const rows: Row[] = [
  mqttToDone,
  acknowledgement,
  burst,
  memory,
  latency('redis'),
  latency('embedded'),
  flowerpower,
  rqEnqueue,
  cpuBound,
  loadTime,
  backlog,
  events,
  dueTogether('embedded'),
  dueTogether('redis'),
  dueTogether('postgres'),
  views('embedded'),
  views('redis'),
  views('postgres'),
];
