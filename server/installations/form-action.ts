import type { Request, RequestHandler } from 'express';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Installation } from '../store/schema.ts';
import { flash, type Flash } from '../web/sessions.ts';
import { RemoteError } from '../remote-error.ts';
import { explainReconcileFailure } from './webhook/explain-reconcile-failure.ts';
import type { FindOwned } from './find-owned.ts';

export type FormAction = ReturnType<typeof createFormAction>;

/** Makes the handler of a button that does something with an active installation. */
export function createFormAction({ findOwned, log }: { findOwned: FindOwned; log: Log }) {
  /** Runs it and says on the next page, one of that installation, what came of it. */
  return function action(
    run: (installation: Installation, request: Request) => Promise<Flash>,
    pathAfter = ({ id }: Installation, _request: Request) => `/installations/${id}`,
  ): RequestHandler {
    return async (request, response) => {
      const installation = await findOwned(request);
      if (installation.status !== 'active') {
        const text = 'This account is not connected right now.';
        throw new AppError('installation_not_active', text, 'Connect the account again first.');
      }
      const { kind, text } = await run(installation, request).catch((error: unknown) => {
        if (!(error instanceof RemoteError)) throw error;
        const { requestId } = response.locals;
        const ids = { requestId, installationId: installation.id };
        log.warn({ error, ...ids }, 'An action of an owner failed.');
        return { kind: 'problem' as const, text: explainReconcileFailure(error) ?? error.message };
      });
      flash(request, kind, text);
      response.redirect(303, pathAfter(installation, request));
    };
  };
}
