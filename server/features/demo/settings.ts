import type { Bot, SettingsOf } from '../../runtime/types.ts';

/** What there is to set in the sandbox, besides yours; of two with one name yours counts. */
export const demoSettings = {
  address: {
    kind: 'text',
    label: 'Address of the shop',
    hint: 'What the bot says to “address”.',
    default: '1 Market Street, Springfield',
  },
} satisfies Bot['settings'];

/** The demo's own: your handlers do not see them. */
export function readDemoSettings(settings: object): SettingsOf<typeof demoSettings> {
  return Object.assign({ address: '' }, settings);
}
