/** Rows as lines, their columns aligned. */
export function table(rows: string[][]): string {
  const widths = rows.reduce<number[]>((found, row) => {
    return row.map((cell, column) => Math.max(cell.length, found[column] ?? 0));
  }, []);
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}
