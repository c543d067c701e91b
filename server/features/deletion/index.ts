import { Router } from 'express';
import type { Core } from '../../core.ts';
import { bindTo } from '../../web/handlers.ts';
import type { Feature, FeatureParts } from '../feature.ts';
import { deleteAccount, showDeletion } from './pages.ts';

/** An account's data deleted by its owner also while Zendesk cannot be told. */
export const deletion: Feature = { name: 'deletion', open };

function open(core: Core): FeatureParts {
  const to = bindTo(core);
  const pages = Router();
  pages.get('/installations/:id/delete', to(showDeletion));
  pages.post('/installations/:id/delete', core.form, to(deleteAccount));
  const href = (id: string) => `/installations/${id}/delete`;
  return {
    pages,
    wayOut: (id) => ({ href: href(id), text: 'Delete this account’s data here' }),
    settingsCards: async ({ id }) => [
      { place: 'danger', view: 'deletion/sections/link', locals: { href: href(id) } },
    ],
  };
}
