/** Creates an SVG element with these attributes. */
export function svg(tag: string, attributes: Record<string, string | number> = {}): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

/** The `d` of a path through points `[x, y]`; a missing point interrupts it. */
export function pathThrough(points: ([number, number] | undefined)[]): string {
  return points
    .map((point, n) => point && `${points[n - 1] ? 'L' : 'M'}${point[0].toFixed(1)} ${point[1].toFixed(1)}`)
    .filter((step) => step !== undefined)
    .join('');
}
