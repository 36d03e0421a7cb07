/** Lets other processes of this user read the statistics of a running gateway. */
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { OptionsError } from '../base/errors.ts';
import { answerCalls, call } from '../base/local-socket.ts';
import type { GatewayPlace } from './connect-options.ts';
import type { GatewayStatistics } from './gateway.ts';

const METHOD = 'statistics';

interface Offer extends GatewayPlace {
  statistics: () => Promise<GatewayStatistics>;
  /** Called with the reason if other processes cannot connect. */
  onError: (error: Error) => void;
}

/** Answers `callGateway` until the returned function is called. */
export function offerGateway({ userDir, file, statistics, onError }: Offer): () => Promise<void> {
  const answer = async (method: string) => {
    if (method !== METHOD) throw new OptionsError([`there is no action ${method}`]);
    return statistics();
  };
  return answerCalls(socketPath(userDir, file), answer, onError);
}

/** Returns the statistics of the gateway of this file on this machine. @throws NobodyThereError if none runs */
export async function callGateway(userDir: string, file: string): Promise<GatewayStatistics> {
  return (await call(socketPath(userDir, file), METHOD, null)) as GatewayStatistics;
}

function socketPath(userDir: string, file: string): string {
  const mark = createHash('sha256').update(resolve(file)).digest('hex').slice(0, 8);
  return join(userDir, 'flowerpower-sockets', mark);
}
