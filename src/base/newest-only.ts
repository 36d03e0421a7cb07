/** Sends one value at a time. While a value is being sent, only the latest of the others waits. */
export function newestOnly<T>(send: (value: T) => Promise<void>): (value: T) => void {
  let next: { value: T } | undefined;
  let isSending = false;

  const sendAll = async () => {
    isSending = true;
    while (next) {
      const { value } = next;
      next = undefined;
      await send(value);
    }
    isSending = false;
  };
  return (value) => {
    next = { value };
    if (!isSending) void sendAll();
  };
}
