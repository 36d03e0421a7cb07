import { label } from './label.ts';

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** Formats a duration in milliseconds by its largest unit: "4 min". */
export function duration(ms: number): string {
  const [unit, length] = units.find(([, least]) => ms >= least) ?? ['second', 1000];
  return label(`unit.${unit}`, { n: `${Math.max(0, Math.floor(ms / length))}` });
}

/** Formats a count: "1,234", or "10,000+" above what is counted. */
export function count(n: number, countedTo: number): string {
  return n > countedTo ? `${countedTo.toLocaleString('en-US')}+` : n.toLocaleString('en-US');
}

/** Formats a number for an axis: "1.2k". */
export function shortNumber(n: number): string {
  const format = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });
  return format.format(n).toLowerCase();
}

/** Formats a short time in milliseconds: "250 ms", "1.5 s". */
export function shortDuration(ms: number): string {
  const [unit, length] = units.find(([, least]) => ms >= least) ?? ['millisecond', 1];
  return label(`unit.${unit}`, { n: `${Number((ms / length).toFixed(unit === 'millisecond' ? 0 : 1))}` });
}
