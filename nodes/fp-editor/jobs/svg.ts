/** Creates an SVG element with these attributes. */
export function svg(tag: string, attributes: Record<string, string | number> = {}): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

/** The `d` of a path through points `[x, y]`; a missing point interrupts it. A point alone becomes a dot. */
export function pathThrough(points: ([number, number] | undefined)[]): string {
  const steps = points.map((point, n) => {
    if (!point) return '';
    const [x, y] = point.map((part) => part.toFixed(1));
    const isAlone = !points[n - 1] && !points[n + 1];
    return `${points[n - 1] ? 'L' : 'M'}${x} ${y}${isAlone ? 'h0' : ''}`;
  });
  return steps.join('');
}
