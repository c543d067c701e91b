import type { Installation } from '../store/schema.ts';
import type { OpenAccount } from './open-account.ts';

/**
 * Sends the sample message, as business, to a user of our own: never into a customer's conversation.
 * @throws ZendeskError
 */
export function createSendTestMessage({ openAccount }: { openAccount: OpenAccount }) {
  return async (installation: Installation): Promise<void> => {
    const { users, conversations } = await openAccount(installation);
    const externalId = `shopkeeper-sample-${installation.id}`;
    await users.ensure(externalId);
    const existing = await conversations.listOfUser(externalId);
    const conversation =
      existing.find(({ type }) => type === 'personal') ??
      (await conversations.createPersonal(externalId));
    const text = 'Hello from your new bot. If you can read this, sending works.';
    await conversations.postMessage(conversation.id, { content: { type: 'text', text } });
  };
}
