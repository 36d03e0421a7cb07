import { createRequire } from 'node:module';

/** The part of the library "flatbuffers" that reads the length of a list; Arrow's metadata is made of such lists. */
interface ByteBuffer {
  capacity(): number;
  __vector_len: (this: ByteBuffer, offset: number) => number;
}

/**
 * Refuses lists in Arrow's metadata that are longer than the metadata. The library would go through a damaged length of
 * billions for seconds, or until the memory is full.
 */
export function limitLists(): void {
  const { prototype } = byteBufferClass();
  // A version of the library without it is limited by the memory and the time of the process.
  if (typeof prototype.__vector_len !== 'function') return;
  const lengthAt = prototype.__vector_len;
  prototype.__vector_len = function (offset) {
    const length = lengthAt.call(this, offset);
    if (length > this.capacity()) throw new Error('a list in it is longer than all of it');
    return length;
  };
}

/** The class of the very copy that Arrow uses. */
function byteBufferClass(): { prototype: ByteBuffer } {
  const requireLikeArrow = createRequire(require.resolve('apache-arrow'));
  return (requireLikeArrow('flatbuffers') as { ByteBuffer: { prototype: ByteBuffer } }).ByteBuffer;
}
