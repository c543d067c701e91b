import { Done } from '../remote-call.ts';
import { RemoteError } from '../remote-error.ts';
import type { AppCall } from './account.ts';

export function userCalls(call: AppCall) {
  return {
    /** Creates the user unless it exists: 409 is the platform's word for "there already". */
    async ensure(externalId: string): Promise<void> {
      try {
        await call({
          operation: 'CreateUser',
          method: 'POST',
          path: '/users',
          body: { externalId },
          answer: Done,
        });
      } catch (error) {
        if (!(error instanceof RemoteError && error.status === 409)) throw error;
      }
    },
  };
}
