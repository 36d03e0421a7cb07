/** Preloaded by a test: WebAssembly gets no memory and throws V8's error. */
WebAssembly.Memory = function Memory() {
  throw new RangeError('WebAssembly.Memory(): could not allocate memory');
} as never;
