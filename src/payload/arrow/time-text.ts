/** Arrow's times as ISO 8601 text, in any year that 64 bits can say: JavaScript's dates end in the year 275760. */

/** Digits of a second in each of Arrow's units: seconds, milli-, micro- and nanoseconds. */
const DIGITS = [0, 3, 6, 9];
const DAY = 86_400n;
/** Seconds in 400 years, after which the calendar repeats itself. */
const CYCLE = 146_097n * DAY;

/** A count of the unit since 1970. */
export function timestampText(value: bigint, unit: number): string {
  const parts = partsOf(unit);
  const fraction = modulo(value, parts);
  return momentText((value - fraction) / parts) + fractionText(fraction, unit);
}

/** Days (unit 0) or milliseconds since 1970. */
export function dayText(value: bigint, unit: number): string {
  return momentText(unit === 0 ? value * DAY : (value - modulo(value, 1000n)) / 1000n).replace(/T.*/, '');
}

/** A count of the unit since midnight. */
export function timeText(value: bigint, unit: number): string {
  const seconds = value / partsOf(unit);
  if (value < 0n || seconds >= DAY) throw new Error('a time of day is none');
  return momentText(seconds).replace(/.*T/, '') + fractionText(value % partsOf(unit), unit);
}

function momentText(seconds: bigint): string {
  const inCycle = modulo(seconds, CYCLE);
  const text = new Date(Number(inCycle) * 1000).toISOString();
  const year = BigInt(text.slice(0, 4)) + (400n * (seconds - inCycle)) / CYCLE;
  return yearText(year) + text.slice(4, 19);
}

/** Years that need more than four digits have six at least, and a sign. */
function yearText(year: bigint): string {
  if (year >= 0n && year <= 9999n) return String(year).padStart(4, '0');
  return `${year < 0n ? '-' : '+'}${String(year < 0n ? -year : year).padStart(6, '0')}`;
}

function fractionText(fraction: bigint, unit: number): string {
  const digits = DIGITS[unit] ?? 0;
  return digits === 0 ? '' : `.${String(fraction).padStart(digits, '0')}`;
}

function partsOf(unit: number): bigint {
  return 10n ** BigInt(DIGITS[unit] ?? 0);
}

function modulo(value: bigint, divisor: bigint): bigint {
  return ((value % divisor) + divisor) % divisor;
}
