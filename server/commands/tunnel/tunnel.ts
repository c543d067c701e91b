/** An address that leads to a port of this machine, until it is closed. */
export interface Tunnel {
  /** Without a slash at the end. */
  url: string;
  close(): Promise<void>;
}

/** @throws OperatorError that says why there is no tunnel and what to do; never with the token. */
export type OpenTunnel = (options: {
  port: number;
  authtoken: string | undefined;
}) => Promise<Tunnel>;
