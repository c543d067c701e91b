import { z } from 'zod';
import type { AppCall } from './request.ts';
import { ZendeskError } from './zendesk-error.ts';

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
          answer: z.unknown(),
        });
      } catch (error) {
        if (!(error instanceof ZendeskError && error.status === 409)) throw error;
      }
    },
  };
}
