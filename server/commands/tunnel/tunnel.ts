/** A public address that leads to the app on this machine, until it is closed. */
export interface Tunnel {
  /** Without a slash at the end. */
  url: string;
  close(): Promise<void>;
}

/** @throws OperatorError that says why there is no tunnel and what to do; never with the token. */
export type OpenTunnel = (options: {
  /** Where the app will listen, such as `localhost:3000`. */
  address: string;
  authtoken: string | undefined;
  /** The name the tunnel is to have; undefined: whichever the account gives. */
  domain: string | undefined;
}) => Promise<Tunnel>;
