import { z } from 'zod';
import type { SettingsSchema } from '../../../../server/features/settings/fields.ts';
import type { SettingsOf } from '../../../../server/runtime/types.ts';
import { startShop, type ShopOptions } from '../../../support/start-shop.ts';
import { waitUntil } from '../../../support/wait-until.ts';
import { repliesIn } from '../../../support/start-shop.ts';

/** One of each kind. */
export const SCHEMA = {
  greeting: { kind: 'text', label: 'Greeting', hint: 'The first words.', default: 'Hello!' },
  instructions: { kind: 'longText', label: 'Instructions', maxLength: 300 },
  retries: { kind: 'number', label: 'Retries', default: 3, min: 1, max: 9, isWhole: true },
  rate: { kind: 'number', label: 'Rate' },
  tone: { kind: 'choice', label: 'Tone', options: { warm: 'Warm', formal: 'Formal & dry' } },
  isOpen: { kind: 'switch', label: 'Open' },
  apiKey: { kind: 'secret', label: 'API key' },
} satisfies SettingsSchema;

/** What those are while nothing was set. */
export const DEFAULTS = {
  greeting: 'Hello!',
  instructions: '',
  retries: 3,
  tone: 'warm',
  isOpen: false,
};

/** What server/bot/settings.ts declares is somebody else's, and may be anything. */
type TestSettings = SettingsOf<typeof SCHEMA>;

export type OpenSettings = Awaited<ReturnType<typeof openSettings>>;

/** The app with a bot of these settings, installed. */
export async function openSettings({
  schema = SCHEMA,
  ...options
}: ShopOptions & { schema?: SettingsSchema } = {}) {
  const seen: TestSettings[] = [];
  const shop = await startShop({
    ...options,
    bot: {
      settings: schema,
      onStart: async () => {},
      async onMessage({ settings, reply }) {
        seen.push(z.custom<TestSettings>().parse(settings));
        await reply(`Seen ${seen.length}`);
      },
    },
  });
  const { browser, id, statusUrl } = await shop.install();
  const url = `${statusUrl}/settings`;
  const { conversationId } = shop.zendesk.createConversation({ account: 'acme' });

  return {
    shop,
    browser,
    id,
    statusUrl,
    url,
    close: () => shop.close(),
    open: () => browser.open(url),
    /** Changes fields of the form as it is now; the answer is not followed. */
    send: async (fields: Record<string, string>) =>
      browser.fillIn(await browser.open(url), '/settings', fields),
    /** The same, and follows. */
    save: async (fields: Record<string, string>) =>
      browser.follow(await browser.fillIn(await browser.open(url), '/settings', fields)),
    /** What a handler is given now. */
    async ask(): Promise<TestSettings> {
      const count = seen.length;
      shop.zendesk.sendCustomerMessage({ conversationId, text: 'Hello?' });
      await waitUntil('the bot replies', () => repliesIn(shop, conversationId).length > count);
      const last = seen.at(-1);
      if (last === undefined) throw new Error('No handler ran');
      return last;
    },
  };
}
