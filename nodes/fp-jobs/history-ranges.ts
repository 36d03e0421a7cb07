const MINUTE = 60_000;

/** What a chart shows: its length, and the time that each point stands for, in milliseconds. */
export const historyRanges = {
  hour: { length: 60 * MINUTE, step: MINUTE },
  day: { length: 24 * 60 * MINUTE, step: 10 * MINUTE },
  week: { length: 7 * 24 * 60 * MINUTE, step: 60 * MINUTE },
} as const;
