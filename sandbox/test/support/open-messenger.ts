import { openChromium } from '../../../test/support/browser/open-chromium.ts';
import { MESSENGER } from './start-chat.ts';
import { startWorld } from './start-world.ts';

export type Messenger = Awaited<ReturnType<typeof openMessenger>>;

/** The Messenger of an account whose bot listens, and a browser to look at it. */
export async function openMessenger() {
  const chromium = await openChromium();
  const world = await startWorld();
  const bot = world.installListening();

  return {
    chromium,
    world,
    bot,
    /** A customer with an empty profile, who has started a conversation. */
    async arrive() {
      const visitor = await chromium.newVisitor();
      const page = await visitor.newPage();
      await page.goto(`${world.url}${MESSENGER}`);
      await page.getByRole('button', { name: 'Start a conversation' }).click();
      await page.waitForLoadState('load');
      const events = await world.events();
      const created = events.findLast(({ type }) => type === 'conversation:create');
      return { visitor, page, conversationId: created?.payload.conversation?.id ?? '' };
    },
    /** Lets the bot send something into a conversation. */
    send: (conversationId: string, content: object) =>
      bot.call('POST', `/conversations/${conversationId}/messages`, {
        author: { type: 'business' },
        content,
      }),
    async close(): Promise<void> {
      await chromium.close();
      await world.close();
    },
  };
}
