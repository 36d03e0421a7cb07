/** One column of a table. */
export interface Column {
  name: string;
  /** Arrow's name of the type, for instance `Timestamp<MICROSECOND, UTC>`. */
  type: string;
  nullable: boolean;
}

/** A decoded payload. */
export interface Decoded {
  payload: unknown;
  /** The columns of an Arrow table. */
  schema?: Column[];
}

/** Throws or rejects with a DecodeError if the payload has another format. */
export type Decode = (payload: Buffer) => Decoded | Promise<Decoded>;
