import type { GatewayLog } from '../../engine/log.ts';
import { UsageError, type Call } from '../verb.ts';

const formats = ['text', 'json'];

/** A log as lines of text for people, or as JSON, an object a line, for programs. */
export function logOf({ options, print }: Call): GatewayLog {
  const { log = 'text' } = options;
  if (!formats.includes(String(log))) throw new UsageError(`--log is ${formats.join(' or ')}, found ${log}`);
  const write = (level: keyof GatewayLog) => (message: string) => {
    const time = new Date().toISOString();
    print(log === 'json' ? `${JSON.stringify({ time, level, message })}\n` : `${time} ${level} ${message}\n`);
  };
  return { info: write('info'), warn: write('warn'), error: write('error') };
}
