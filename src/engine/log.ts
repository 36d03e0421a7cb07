/** The log of a gateway. */
export interface GatewayLog {
  info: (text: string) => void;
  warn: (text: string) => void;
  error: (text: string) => void;
}
