/** Whether a file's `mqtt` section has TLS settings: they turn TLS on, whatever the broker's scheme is. */
export function usesTls(mqtt: Record<string, unknown>): boolean {
  const { tls_ca, tls_cert, tls_key, tls_servername, tls_verify } = mqtt;
  return [tls_ca, tls_cert, tls_key, tls_servername].some(Boolean) || (tls_verify ?? true) !== true;
}
