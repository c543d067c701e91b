import { Router } from 'express';
import type { Core } from '../../core.ts';
import { bindTo } from '../../web/handlers.ts';
import type { Feature, FeatureParts } from '../feature.ts';
import { describeSettings, saveSettingsForm, settingsPath, showSettingsForm } from './pages.ts';
import { checkSchema } from './read-value.ts';
import { secretOwners, settingsMigration } from './schema.ts';
import { listSettings, readSettings } from './store.ts';

/** What the admin of an account can set for the bot: server/bot/settings.ts as a form. */
export const settings: Feature = {
  name: 'settings',
  migrations: { '0001-initial': settingsMigration },
  secretOwners,
  open,
};

function open(core: Core): FeatureParts {
  const schema = core.bot.settings ?? {};
  checkSchema(schema);
  const isEmpty = Object.keys(schema).length === 0;
  const deps = { ...core, schema };
  const to = bindTo(deps);
  const pages = Router();
  pages.get('/installations/:id/settings', to(showSettingsForm));
  pages.post('/installations/:id/settings', core.form, to(saveSettingsForm));
  return {
    pages,
    ...(isEmpty ? {} : { configurationPath: ({ id }) => settingsPath(id) }),
    cards: async (installation) =>
      isEmpty
        ? []
        : [
            {
              place: 'side',
              view: 'settings/sections/card',
              locals: { settings: await describeSettings(deps, installation) },
            },
          ],
    kept: [
      { what: 'What was set for the bot, secrets among it encrypted', howLong: 'Until removal' },
    ],
    async describeData(installationId) {
      const stored = await listSettings(core, installationId);
      return stored.size === 0 ? [] : ['what was set for the bot, and the secrets among it'];
    },
    tools: async ({ installation: { id } }) => ({ settings: await readSettings(core, schema, id) }),
    exportData: (installationId) => ({ settings: exportSettings(core, installationId) }),
  };
}

/** Without secrets, also what was no secret when it was stored. */
async function* exportSettings(core: Core, installationId: string) {
  const stored = await listSettings(core, installationId);
  for (const { name, value, updated_at } of stored.values()) {
    const isSecret = value === null || core.bot.settings?.[name]?.kind === 'secret';
    const shown: unknown = isSecret ? '[hidden]' : JSON.parse(value);
    yield { name, value: shown, updated_at };
  }
}
