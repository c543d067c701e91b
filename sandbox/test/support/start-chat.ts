import { createBrowser } from '../../../test/support/browser/browser.ts';
import type { World } from './start-world.ts';

export const MESSENGER = '/accounts/acme/messenger';

/** A new customer, in a browser without JavaScript, with a conversation that the bot has heard of. */
export async function startChat(world: World) {
  const customer = createBrowser(world.url);
  await customer.send(`${MESSENGER}/conversations`);
  const created = (await world.events()).findLast(({ type }) => type === 'conversation:create');
  return { customer, conversationId: created?.payload.conversation?.id ?? '' };
}
