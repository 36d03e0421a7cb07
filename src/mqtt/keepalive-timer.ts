/**
 * The timer of mqtt.js's keepalive. It ticks after what has come is read: when this process stood still, the broker's
 * answer may wait to be read, and mqtt.js would take the broker for dead.
 */
export const keepaliveTimer = {
  set: (tick: () => void, every: number) => setInterval(() => setImmediate(tick), every),
  clear: (timer: NodeJS.Timeout) => clearInterval(timer),
};
