/** The bytes as they came. */
export function buffer(payload: Buffer): Buffer {
  return payload;
}
