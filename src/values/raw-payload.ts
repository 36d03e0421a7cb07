import { isUtf8 } from 'node:buffer';

/** What flowerpower-mqtt's listener passes on of bytes that are no JSON: their text and the bytes, or only the bytes. */
export function rawPayload(bytes: Uint8Array): object {
  if (!isUtf8(bytes)) return { payload_bytes: bytes, is_binary: true };
  const { buffer, byteOffset, byteLength } = bytes;
  return { raw_payload: Buffer.from(buffer, byteOffset, byteLength).toString(), payload_bytes: bytes };
}
