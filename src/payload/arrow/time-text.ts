/** Formats Arrow's 64-bit times as ISO 8601 text. JavaScript's Date ends in the year 275760, Arrow's times do not. */

/** Decimal places of a second in each of Arrow's units: seconds, milli-, micro- and nanoseconds. */
const DIGITS = [0, 3, 6, 9];
const DAY = 86_400n;
/** Seconds in 400 years, after which the calendar repeats itself. */
const CYCLE = 146_097n * DAY;

/** `value` counts the unit since 1970. */
export function timestampText(value: bigint, unit: number): string {
  const parts = partsOf(unit);
  const fraction = modulo(value, parts);
  return momentText((value - fraction) / parts) + fractionText(fraction, unit);
}

/** `value` counts days (unit 0) or milliseconds since 1970. */
export function dayText(value: bigint, unit: number): string {
  return momentText(unit === 0 ? value * DAY : (value - modulo(value, 1000n)) / 1000n).replace(/T.*/, '');
}

/** `value` counts the unit since midnight. */
export function timeText(value: bigint, unit: number): string {
  const seconds = value / partsOf(unit);
  if (value < 0n || seconds >= DAY) throw new Error('invalid time of day');
  return momentText(seconds).replace(/.*T/, '') + fractionText(value % partsOf(unit), unit);
}

function momentText(seconds: bigint): string {
  const inCycle = modulo(seconds, CYCLE);
  const text = new Date(Number(inCycle) * 1000).toISOString();
  const year = BigInt(text.slice(0, 4)) + (400n * (seconds - inCycle)) / CYCLE;
  return yearText(year) + text.slice(4, 19);
}

/** Years outside 0 to 9999 have a sign and at least six digits. */
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
