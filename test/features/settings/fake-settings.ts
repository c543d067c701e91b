import { z } from 'zod';
import { settings } from '../../../server/bot/settings.ts';
import { defaultOf, type SettingsSchema } from '../../../server/features/settings/fields.ts';
import type { Settings } from '../../../server/runtime/types.ts';

/**
 * For `fakeTools({ settings: fakeSettings({ … }) })`: what an admin has set, and the defaults of
 * server/bot/settings.ts for the rest.
 */
export function fakeSettings(
  set: { [Name in keyof Settings]?: Settings[Name] } = {},
  schema: SettingsSchema = settings,
): Settings {
  const defaults = Object.entries(schema).map(([name, field]) => [name, defaultOf(field)]);
  return z.custom<Settings>().parse({ ...Object.fromEntries(defaults), ...set });
}
