import { Router } from 'express';
import type { Core } from '../../core.ts';
import { bindTo } from '../../web/handlers.ts';
import type { Feature, FeatureParts } from '../feature.ts';
import { showConfiguration } from './configuration.ts';
import { schemaOf } from './fields.ts';
import { describeSettings, saveSettingsForm, showSettingsForm } from './pages.ts';
import { checkSchema } from './read-value.ts';
import { secretOwners, settingsMigration } from './schema.ts';
import { listSettings, readSettings } from './store.ts';

/** What the admin of an account can set for the bot: server/bot/settings.ts as a form. */
export const settings: Feature = {
  name: 'settings',
  migrations: { '0001-initial': settingsMigration },
  secretOwners,
  portalAddress: { field: 'Configuration URL', path: '/settings' },
  checkBot: (bot) => checkSchema(schemaOf(bot)),
  open,
};

function open(core: Core): FeatureParts {
  const { bot } = core;
  const isEmpty = () => Object.keys(schemaOf(bot)).length === 0;
  const to = bindTo(core);
  const pages = Router();
  pages.get('/settings', to(showConfiguration));
  pages.get('/installations/:id/settings', to(showSettingsForm));
  pages.post('/installations/:id/settings', core.form, to(saveSettingsForm));
  return {
    pages,
    async cards(installation) {
      const described = isEmpty() ? undefined : await describeSettings(core, installation);
      if (described === undefined || described.missing.length === 0) return [];
      const locals = { settings: described };
      return [{ place: 'notice', view: 'settings/sections/missing', locals }];
    },
    settingsCards: async (installation) =>
      isEmpty()
        ? []
        : [
            {
              place: 'settings',
              view: 'settings/sections/card',
              locals: { settings: await describeSettings(core, installation) },
            },
          ],
    kept: [
      { what: 'What was set for the bot, secrets among it encrypted', howLong: 'Until removal' },
    ],
    async describeData(installationId) {
      const stored = await listSettings(core, installationId);
      return stored.size === 0 ? [] : ['what was set for the bot, and the secrets among it'];
    },
    tools: async ({ installation: { id } }) => ({
      settings: await readSettings(core, schemaOf(bot), id),
    }),
    exportData: (installationId) => ({ settings: exportSettings(core, installationId) }),
  };
}

/** Without secrets, also what was no secret when it was stored. */
async function* exportSettings(core: Core, installationId: string) {
  const stored = await listSettings(core, installationId);
  for (const { name, value, updated_at } of stored.values()) {
    const isSecret = value === null || schemaOf(core.bot)[name]?.kind === 'secret';
    const shown: unknown = isSecret ? '[hidden]' : JSON.parse(value);
    yield { name, value: shown, updated_at };
  }
}
