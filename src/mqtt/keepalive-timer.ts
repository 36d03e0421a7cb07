import { afterReading } from '../base/after-reading.ts';

type Cancel = () => void;

/** The timer of mqtt.js's keepalive, which must not take a broker for dead whose answer waits to be read. */
export const keepaliveTimer = {
  set(tick: () => void, every: number): Cancel {
    let cancel: Cancel;
    const next = () => {
      cancel = afterReading(every, () => {
        next();
        tick();
      });
    };
    next();
    return () => cancel();
  },
  clear: (cancel: Cancel) => cancel(),
};
