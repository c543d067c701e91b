import type { Request, Response } from 'express';
import type { Core } from '../../core.ts';
import { AppError } from '../../errors.ts';
import { findOwned } from '../../installations/owned.ts';
import { explainToOwner } from '../../installations/webhook/reconcile.ts';
import { RemoteError } from '../../remote-error.ts';
import type { Installation } from '../../store/schema.ts';
import { flash, type Flash } from '../../web/sessions.ts';

/**
 * Runs what a button does with an active installation, and says on the next page, one of that
 * installation, what came of it.
 * @throws AppError `not_found`, `installation_not_active`
 */
export async function runAction(
  core: Pick<Core, 'installations' | 'installationOwners' | 'log'>,
  request: Request,
  response: Response,
  action: (installation: Installation) => Promise<Flash>,
  hrefAfter: (installation: Installation) => string,
): Promise<void> {
  const installation = await findOwned(core, request);
  if (installation.status !== 'active') {
    const isChecked = installation.status === 'checking';
    const text = isChecked
      ? 'Zendesk has not accepted our token just now.'
      : 'This account is not connected right now.';
    const hint = isChecked
      ? 'It is asked once more, a few seconds later: try again in a moment.'
      : 'Connect the account again first.';
    throw new AppError('installation_not_active', text, hint, { status: 409 });
  }
  const { kind, text } = await action(installation).catch((error: unknown) => {
    if (!(error instanceof RemoteError)) throw error;
    const { requestId } = response.locals;
    const ids = { requestId, installationId: installation.id };
    core.log.warn({ error, ...ids }, 'An action of an owner failed.');
    return { kind: 'problem' as const, text: explainToOwner(error) ?? error.message };
  });
  flash(request, kind, text);
  response.redirect(303, hrefAfter(installation));
}
