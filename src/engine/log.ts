/** Where a gateway tells what happens. */
export interface GatewayLog {
  info: (text: string) => void;
  warn: (text: string) => void;
  error: (text: string) => void;
}
