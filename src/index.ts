/** The engine's public face. The script of the editor also takes pure files: errors.ts, mqtt/topic.ts, payload/formats.ts. */
export * from './base/errors.ts';
export * from './base/model.ts';

export {
  sections,
  withDefaults,
  type Config,
  type Problem,
  type Section,
  type SectionName,
} from './config/config.ts';
export { readConfig, type ReadConfig } from './config/read-config.ts';
export type { ExplicitKeys } from './config/explicit-keys.ts';
export { writeConfig } from './config/write-config.ts';

export { defaultInFile, type FileValue, type Option, type Options } from './options/option.ts';
export { usesTls } from './options/mqtt.ts';

export { openBroker, type Broker, type BrokerHooks } from './mqtt/broker.ts';
export type { BrokerOptions, BrokerTiming, BrokerTls } from './mqtt/options.ts';
export type { FilterMemory } from './mqtt/requested-filters.ts';
export type { Subscriber } from './mqtt/subscriber-inbox.ts';
export type { Reservation, Subscription } from './mqtt/subscriptions.ts';
export { MACHINE_FILE, machineId } from './mqtt/machine-id.ts';
export { sessionMemory } from './mqtt/session-memory.ts';
export { testConnection } from './mqtt/test-connection.ts';

export { decodeOptionsOf, openDecoder, type Decoder, type DecodeOptions } from './payload/decode.ts';
export type { Decoded } from './payload/define-format.ts';
export { payloadFormats, type PayloadFormat } from './payload/formats.ts';
export { readPickle } from './payload/pickle/pickle.ts';

export type { DeliveryContext, JobKeys } from './engine/delivery-context.ts';
export { MessageRunner, type MessageContext, type ReceivedMessage } from './engine/message-runner.ts';
export { openGateway, type Gateway, type GatewayOptions, type GatewayStatistics } from './engine/gateway.ts';
export type { GatewayLog } from './engine/log.ts';
export { readBroker, type BrokerReading } from './engine/metrics/broker-metrics.ts';
export { METRICS_TYPE, writeMetrics, type ProjectReading, type Readings } from './engine/metrics/metrics.ts';
export { queueReader, type QueueReading } from './engine/metrics/queue-metrics.ts';
export { oneAtATime } from './base/one-at-a-time.ts';
export { runPipeline } from './engine/run-pipeline.ts';
export {
  connectionStatistics,
  queueStatistics,
  type ConnectionStatistics,
  type QueueStatistics,
} from './engine/statistics.ts';

export { openTracing } from './engine/tracing.ts';
export type { NewSpan, Span, TraceContext, Tracing } from './base/tracing.ts';

export { openProject } from './project/open-project.ts';
export type { Pipeline } from './project/pipeline-run.ts';
export type { Project, ProjectOptions, PythonVersions } from './project/project.ts';

export type { Attempt, Progress } from './queue/attempt.ts';
export {
  jobEventKinds,
  rqEventKinds,
  type JobEvent,
  type JobEventKind,
  type JobListener,
  type ListenToJobs,
} from './queue/events/job-event.ts';
export type { EndWaiter } from './queue/events/wait-for-ends.ts';
export type { EditedJob } from './queue/inspect/change-job.ts';
export type { RemovableState, RemoveAllOptions, RetryAllOptions } from './queue/inspect/change-jobs.ts';
export { countJobs, type QueueCounts } from './queue/inspect/count-jobs.ts';
export type { ErrorGroup, ErrorGroups } from './queue/inspect/error-groups.ts';
export type { BulkOptions } from './queue/inspect/in-steps.ts';
export type { HistoryOptions, HistoryRow } from './queue/inspect/history.ts';
export type { JobPage, JobRow, ListOptions } from './queue/inspect/list-jobs.ts';
export type { WorkerInfo } from './queue/inspect/list-workers.ts';
export { MOST_COUNTED, type QueueState } from './queue/inspect/queue-state.ts';
export { offerInspector } from './queue/inspect/inspector-socket.ts';
export { openInspector, type Inspector } from './queue/inspect/inspector.ts';
export type { AttemptTimes } from './queue/inspect/attempts-log.ts';
export type { JobDetails } from './queue/inspect/read-job.ts';
export type { FailedNode } from './queue/job/attempt-note.ts';
export type { JobMessage } from './queue/job/job-data.ts';
export type { NewJob } from './queue/job/new-job.ts';
export type { QueueOptions } from './queue/options.ts';
export { openProducer, type AddedJob, type Producer } from './queue/producer.ts';
export { nextTime, type Schedule, type Times } from './queue/schedule/schedule.ts';
export type { Schedules } from './queue/schedule/schedules.ts';
export type { ScheduleInfo } from './queue/inspect/schedules.ts';
export { inspectRq } from './queue/rq/inspect/inspect-rq.ts';
export { openRqProducer } from './queue/rq/rq-producer.ts';
export type { RqOptions, RqQueueOptions } from './queue/rq/rq-options.ts';
export { openRqStore, type RqStore } from './queue/rq/rq-store.ts';
export { readRqResult, type RqResult } from './queue/rq/read-result.ts';
export type { Imported } from './queue/store/driver.ts';
export { openStore, type Store } from './queue/store/store.ts';
export type { StoreOptions } from './queue/store/store-options.ts';
export { machineName, type WorkerIdentity } from './queue/store/worker-name.ts';
export { testStore } from './queue/store/test-store.ts';
export { testRq } from './queue/rq/test-rq.ts';
export { openQueue, whoRuns, type OpenQueue } from './queue/open-queue.ts';
export { oncePerOutage } from './base/report-changes.ts';
export { Runs } from './base/runs.ts';
export { settledWithin } from './base/settled-within.ts';
export { exportJobs, importJobs } from './queue/transfer-jobs.ts';
export { openWorker, type QueueWorker, type TakenJob } from './queue/worker.ts';

export { encodeValue, walkFrom } from './values/encode-value.ts';
export { decodeValue } from './values/value-tags.ts';

export type { Delivery, DeliveryOptions, Hold, OpenDelivery } from './settlement/delivery.ts';
export { nameOf, type Holder } from './settlement/holder.ts';
export { NodeError } from './settlement/node-error.ts';
export { DeliveryTable } from './settlement/table.ts';

export { BrokerCounts, type SubscriptionCounter } from './stats/broker-counts.ts';
export { JobCounts } from './stats/job-counts.ts';
