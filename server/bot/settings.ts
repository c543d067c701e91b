import type { Bot, SettingsOf } from '../runtime/types.ts';

/** What the admin of each account can set, as a form; handlers have it in `settings` (docs/settings.md). */
export const settings = {} satisfies Bot['settings'];

declare module '../runtime/types.ts' {
  interface Settings extends SettingsOf<typeof settings> {}
}
