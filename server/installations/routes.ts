import { Router } from 'express';
import type { Core } from '../core.ts';
import { problemPage } from '../oauth/problems.ts';
import { bindTo } from '../web/handlers.ts';
import { limitPerMinute, limitViewsPerMinute } from '../web/rate-limits.ts';
import { beginInstall } from './install/begin.ts';
import { finishInstall } from './install/callback.ts';
import { showHome } from './status/home.ts';
import { SETTINGS_PATH, showSetup, showStatus } from './status/page.ts';
import { disconnectAccount } from './uninstall/disconnect.ts';

/** An installation's life in a browser: install, the account's page and its buttons, disconnect. */
export function installationPages(core: Core): Router {
  const to = bindTo(core);
  const problems = problemPage(core, { service: 'Zendesk', undone: 'Not installed' });
  const pages = Router();

  pages.get('/', to(showHome));

  pages.get('/install', limitPerMinute(30), to(beginInstall));
  pages.get('/oauth', limitPerMinute(60), to(finishInstall), problems);

  pages.use('/installations', limitViewsPerMinute(300));
  pages.get('/installations/:id', to(showStatus), problems);
  pages.get(`/installations/:id${SETTINGS_PATH}`, to(showSetup));
  pages.post('/installations/:id/disconnect', core.form, to(disconnectAccount));
  return pages;
}
