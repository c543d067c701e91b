import type { Observe } from '../../observe.ts';
import type { Installation } from '../../store/schema.ts';
import type { Zendesk } from '../../zendesk/client.ts';

/**
 * Sends the test message, as business, to a user of our own: never into a customer's conversation.
 * @throws RemoteError
 */
export function createSendTestMessage(options: {
  zendesk: Pick<Zendesk, 'clientFor'>;
  observe: Pick<Observe, 'work'>;
}) {
  async function send(installation: Installation): Promise<void> {
    const { users, conversations } = await options.zendesk.clientFor(installation);
    const externalId = `shopkeeper-sample-${installation.id}`;
    await users.ensure(externalId);
    const existing = await conversations.listOfUser(externalId);
    const conversation =
      existing.find(({ type }) => type === 'personal') ??
      (await conversations.createPersonal(externalId));
    const text = 'Hello from your new bot. If you can read this, sending works.';
    await conversations.postMessage(conversation.id, { content: { type: 'text', text } });
  }

  return (installation: Installation): Promise<void> => {
    const { id: installationId } = installation;
    const subject = { installationId, kind: 'form', title: 'A test message was sent' } as const;
    return options.observe.work(subject, () => send(installation));
  };
}
