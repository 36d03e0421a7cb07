import type { Measured } from './measured.ts';

/** Prints the results, one per line, and marks missed targets. */
export function printTable(measured: Measured[]): void {
  const lines = [['what', 'against', 'value', 'target', 'here'], ...measured.map(cells)];
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  for (const line of lines)
    console.log(
      line
        .map((cell, i) => cell.padEnd(widths?.[i] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

function cells(measured: Measured): string[] {
  const { what, against, value, unit, detail } = measured;
  return [what, against, unit ? `${value.toFixed(0)} ${unit}` : value.toFixed(2), target(measured), detail];
}

function target({ value, atLeast = -Infinity, atMost = Infinity }: Measured): string {
  const bound = atLeast > -Infinity ? `>= ${atLeast}` : atMost < Infinity ? `<= ${atMost}` : '';
  return value < atLeast || value > atMost ? `${bound} MISSED` : bound;
}
