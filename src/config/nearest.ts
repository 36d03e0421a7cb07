const FARTHEST = 3;

/** Returns the known name most similar to `name`, or undefined. */
export function nearest(name: string, known: string[]): string | undefined {
  const distances = known.map((one) => ({ one, steps: distance(name.slice(0, 50), one) }));
  const [best] = distances.toSorted((a, b) => a.steps - b.steps);
  return best && best.steps <= Math.min(FARTHEST, best.one.length / 2) ? best.one : undefined;
}

/** Returns the Levenshtein distance: letters to insert, remove or change. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(from).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(to).entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
