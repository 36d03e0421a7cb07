/** A network of its own for processes of a test, as on another machine. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';

export interface NetworkNamespace {
  /** Goes before a command that shall run in there. */
  prefix: string[];
  /** The address of this machine's own network, as seen from there. */
  host: string;
  close(): void;
}

const ip = (...args: string[]) => execFileSync('ip', args, { stdio: 'pipe' });

/** Opens a namespace; undefined where the machine does not permit it, which needs root and iproute2. */
export function openNetworkNamespace(): NetworkNamespace | undefined {
  const [first = 0, second = 0, third = 0] = randomBytes(3);
  const mark = randomBytes(3).toString('hex');
  const [name, here, there] = [`fp-${mark}`, `fpa-${mark}`, `fpb-${mark}`];
  const net = `10.${first}.${second}.${third & 0xfc}`;
  const address = (last: number) => net.replace(/\d+$/, (part) => `${Number(part) + last}`);
  try {
    ip('netns', 'add', name);
  } catch {
    return undefined;
  }
  const close = () => ip('netns', 'delete', name);
  try {
    ip('link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', name);
    // Routes instead of addresses: Chromium drops requests when the machine gets or loses an address.
    ip('link', 'set', here, 'addrgenmode', 'none');
    ip('link', 'set', here, 'up');
    ip('-netns', name, 'address', 'add', `${address(2)}/30`, 'dev', there);
    ip('-netns', name, 'link', 'set', there, 'up');
    ip('-netns', name, 'link', 'set', 'lo', 'up');
    ip('route', 'add', 'local', address(1), 'dev', here);
    ip('route', 'add', address(2), 'dev', here);
    return { prefix: ['ip', 'netns', 'exec', name], host: address(1), close };
  } catch {
    close();
    return undefined;
  }
}
