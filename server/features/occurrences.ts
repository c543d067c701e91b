export type RefreshResult = 'renewed' | 'dead' | 'refused' | 'scope' | 'busy' | 'unavailable';

declare module '../observe.ts' {
  /** What becomes of connections to other services, which one feature knows and another one counts. */
  interface Occurrences {
    /** Another service whose access tokens will be renewed; before the first time. */
    'service-known': { service: string };
    /** What became of a connection to another service. */
    'connection-changed': { service: string; status: 'connected' | 'needs_reconnect' | 'failing' };
    /** A way of telling somebody outside of it; before the first time. */
    'channel-known': { channel: string };
    'notice-sent': { channel: string; result: 'sent' | 'failed' | 'given-up' };
    /** How renewing an access token went. */
    'token-refreshed': { service: string; result: RefreshResult };
  }
}
