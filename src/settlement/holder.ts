/** Whoever can hold a delivery: a node, under the names its user knows it by. */
export interface Holder {
  readonly id: string;
  readonly type: string;
  readonly name?: string | undefined;
}

/** What a user calls it, for instance `parse (function)`. */
export function nameOf({ id, type, name }: Holder): string {
  return name ? `${name} (${type})` : `${type} ${id}`;
}
