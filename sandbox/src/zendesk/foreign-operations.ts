import { Router } from 'express';
import { ApiError } from '../refused.ts';
import type { Operations } from './create-operations.ts';
import { foreignOperations } from './operation-names.ts';

/** Refuses them as Zendesk does, and says which they are: they do not look like a mistyped path. */
export function createForeignRoutes({ operation }: Operations) {
  const router = Router({ mergeParams: true });
  for (const [name, method, path] of foreignOperations) {
    router[method](
      path,
      operation(name, () => {
        const title = `${name} needs a key of scope app or account; it is not in the sandbox`;
        throw new ApiError(403, 'forbidden', title);
      }),
    );
  }
  return router;
}
