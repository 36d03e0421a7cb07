/** TLS certificates for a test server on 127.0.0.1. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { program, temporaryDirectory } from './servers.ts';

export const opensslProgram = program('openssl');

/** Creates a self-signed certificate; returns the paths of key and certificate (PEM). */
export function selfSigned(): { key: string; cert: string } {
  const directory = temporaryDirectory('tls');
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', key, '-out', cert];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...files, ...subject];
  execFileSync(opensslProgram ?? 'openssl', request, { stdio: 'pipe' });
  return { key, cert };
}
