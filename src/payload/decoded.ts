/** One column of a table. */
export interface Column {
  name: string;
  /** In Arrow's own words, for instance `Timestamp<MICROSECOND, UTC>`. */
  type: string;
  nullable: boolean;
}

/** What a payload says. */
export interface Decoded {
  payload: unknown;
  /** The columns of an Arrow table. */
  schema?: Column[];
}

/** Throws or rejects with a DecodeError when the payload is of another format. */
export type Decode = (payload: Buffer) => Decoded | Promise<Decoded>;
