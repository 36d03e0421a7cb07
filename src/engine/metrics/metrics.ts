import { residentBytes } from '../../base/resident-bytes.ts';
import { embeddedProcesses } from '../../queue/store/embedded/shared-databases.ts';
import { metricsText, type Labels, type Metric } from '../../stats/metrics-text.ts';
import { brokerMetrics, type BrokerReading } from './broker-metrics.ts';
import { queueMetrics, type QueueReading } from './queue-metrics.ts';

/** The processes of a project. */
export interface ProjectReading {
  labels: Labels;
  processes: { python: number; javascript: number };
}

/** What a process has open, at one moment. */
export interface Readings {
  queues: QueueReading[];
  brokers: BrokerReading[];
  projects: ProjectReading[];
}

const projectMetrics: Metric<ProjectReading>[] = [
  {
    name: 'fp_pipeline_processes',
    type: 'gauge',
    help: 'Running processes that run pipelines.',
    read: ({ processes }) =>
      Object.entries(processes).map(([language, running]) => [{ language }, running] as const),
  },
];

const databaseMetrics: Metric<{ labels: Labels; pid: number }>[] = [
  {
    name: 'fp_database_memory_bytes',
    type: 'gauge',
    help: 'Resident memory of the process of an embedded store (Linux only).',
    read: ({ pid }) => residentBytes(pid),
  },
];

/** Media type of the text. */
export const METRICS_TYPE = 'text/plain; version=0.0.4';

/** Returns the metrics of this process for Prometheus. */
export function writeMetrics({ queues, brokers, projects }: Readings): string {
  const databases = embeddedProcesses().map(({ directory, pid }) => ({ labels: { directory }, pid }));
  return [
    metricsText(queueMetrics, queues),
    metricsText(brokerMetrics, brokers),
    metricsText(projectMetrics, projects),
    metricsText(databaseMetrics, databases),
  ].join('');
}
