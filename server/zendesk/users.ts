import { Done } from '../remote-call.ts';
import { RemoteError } from '../remote-error.ts';
import type { ApiCall } from './client.ts';

export function userCalls(call: ApiCall) {
  return {
    /** Creates the user unless it exists: 409 is the platform's word for "there already". */
    async ensure(externalId: string): Promise<void> {
      try {
        await call('CreateUser', 'POST', '/users', Done, { externalId });
      } catch (error) {
        if (!(error instanceof RemoteError && error.status === 409)) throw error;
      }
    },
  };
}
