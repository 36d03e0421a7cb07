/** A node that can hold a delivery. */
export interface Holder {
  readonly id: string;
  readonly type: string;
  readonly name?: string | undefined;
}

/** Returns the name shown to users, for instance `parse (function)`. */
export function nameOf({ id, type, name }: Holder): string {
  return name ? `${name} (${type})` : `${type} ${id}`;
}
