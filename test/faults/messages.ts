/** A message of a campaign as one pipeline is to run it. */
export interface WantedRun {
  number: number;
  pipeline: Pipeline;
}

export type Pipeline = keyof typeof filters;

/** What follows the base topic in the filter of each pipeline's subscription: the two overlap. */
export const filters = { all: '#', even: 'even' } as const;

/** Sent until they run, before the messages that count: one for each subscription. */
export const HERALDS = [
  { number: -1, pipeline: 'all' },
  { number: -2, pipeline: 'even' },
] as const;

/** Sent after the messages that count, to both subscriptions. */
export const SENTINEL = -4;

/** Even numbers match both subscriptions, odd ones the wider only. */
export function topicOf(base: string, number: number): string {
  return `${base}/${isEven(number) ? 'even' : 'odd'}`;
}

/** Every run that a message is sent for. */
export function wantedRuns(number: number): WantedRun[] {
  const pipelines: Pipeline[] = isEven(number) ? ['all', 'even'] : ['all'];
  return pipelines.map((pipeline) => ({ number, pipeline }));
}

function isEven(number: number): boolean {
  return number % 2 === 0;
}
