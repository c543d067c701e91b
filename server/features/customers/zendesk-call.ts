import { z } from 'zod';
import type { CallZendesk } from '../../runtime/types.ts';
import type { Attempt } from '../attempt.ts';

declare module '../../runtime/types.ts' {
  /**
   * A call of Zendesk's API in the app of this account: `call('GET', '/users/abc')`. The path begins after
   * `/v2/apps/{appId}`; parts that come from elsewhere go through encodeURIComponent. Returns the answer's
   * JSON, undefined when it has none. Not once-only: a second attempt at the event calls again.
   * @throws RemoteError, RangeError for a path that leads elsewhere
   */
  export type CallZendesk = (
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
  ) => Promise<unknown>;

  interface Tools {
    /** Anything else of Zendesk's API, with the account's token. */
    zendesk: { call: CallZendesk };
  }
}

const MAX_PATH = 8_000;

/** As it stands in the documentation of the API: another host or another app cannot be meant. */
export function openCall({ client, signal }: Pick<Attempt, 'client' | 'signal'>): CallZendesk {
  return async function call(method, path, body) {
    const { pathname, search } = new URL(path, 'https://x/');
    if (!path.startsWith('/') || path.length > MAX_PATH || pathname + search !== path)
      throw new RangeError(
        `“${path.slice(0, 100)}” is no path of Zendesk’s API: begin with what follows /v2/apps/{appId}, /users for one.`,
      );
    signal.throwIfAborted();
    return await client.call('ZendeskCall', method, path, z.unknown(), body);
  };
}
