/** Preloaded by a test: WebAssembly gets no memory, in the words of V8. */
WebAssembly.Memory = function Memory() {
  throw new RangeError('WebAssembly.Memory(): could not allocate memory');
} as never;
