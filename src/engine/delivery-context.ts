import type { TraceContext } from '../base/tracing.ts';
import type { Attempt } from '../queue/attempt.ts';
import type { JobKeys } from './job-keys.ts';

/** What a message brings along for the nodes on its way. */
export interface DeliveryContext {
  /** A message of QoS 2: under which keys its jobs are stored. */
  jobKeys?: JobKeys | undefined;
  /** A job: the attempt that runs. */
  attempt?: Attempt;
  /** The span that the next ones follow. */
  trace?: TraceContext | undefined;
}
