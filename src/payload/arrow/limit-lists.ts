import { createRequire } from 'node:module';

/** The part of the "flatbuffers" library that reads the length of a list. Arrow's metadata consists of such lists. */
interface ByteBuffer {
  capacity(): number;
  __vector_len: (this: ByteBuffer, offset: number) => number;
}

/**
 * Patches the library to reject lists that are longer than the metadata. With a damaged length of billions it would
 * otherwise loop for seconds, or until memory is full.
 */
export function limitLists(): void {
  const { prototype } = byteBufferClass();
  // In a library version without this method, the time and memory limits of the process apply.
  if (typeof prototype.__vector_len !== 'function') return;
  const lengthAt = prototype.__vector_len;
  prototype.__vector_len = function (offset) {
    const length = lengthAt.call(this, offset);
    if (length > this.capacity()) throw new Error('a list is longer than the payload');
    return length;
  };
}

/** Returns the class from the copy of "flatbuffers" that Arrow uses. */
function byteBufferClass(): { prototype: ByteBuffer } {
  const requireLikeArrow = createRequire(require.resolve('apache-arrow'));
  return (requireLikeArrow('flatbuffers') as { ByteBuffer: { prototype: ByteBuffer } }).ByteBuffer;
}
