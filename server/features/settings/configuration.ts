import type { Request, Response } from 'express';
import type { Core } from '../../core.ts';
import { listOwned, renderHome } from '../../installations/status/home.ts';
import type { Installation } from '../../store/schema.ts';
import { schemaOf } from './fields.ts';
import { settingsPath } from './pages.ts';

/** The Configuration URL: Zendesk sends an admin here without saying which account it is about. */
export async function showConfiguration(core: Core, request: Request, response: Response) {
  const owned = await listOwned(core, request);
  const [only] = owned;
  const isEmpty = Object.keys(schemaOf(core.bot)).length === 0;
  // One that is not connected has something else to be done, which its page says.
  const hrefOf = ({ id, status }: Installation) =>
    status === 'active' && !isEmpty ? settingsPath(id) : `/installations/${id}`;
  if (only === undefined || owned.length > 1)
    return await renderHome(core, request, response, owned, hrefOf);
  response.redirect(303, hrefOf(only));
}
