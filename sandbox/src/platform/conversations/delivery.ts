import { ApiError } from '../../refused.ts';
import type { ChannelClient, Conversation, Message } from '../../state/records.ts';
import type { State } from '../../state/state.ts';
import { newId } from '../../state/values.ts';
import type { Platform } from '../create-platform.ts';
import { publish } from '../events/conversation-events.ts';
import { showUserForWebhook } from '../people-shapes.ts';

/** Where a message of the business goes, as a call may say it. */
export type Destination = { integrationId: string } | { integrationType: string };

type Needs = Pick<Platform, 'state' | 'deliveries' | 'faults'>;

/**
 * The clients that a message goes to: of each participant the one used last, or the one that the
 * destination names, in a personal conversation. `none` is nobody: a silent message.
 * @throws ApiError 400 in a group, and when nobody in the conversation is reached there.
 */
export function findRecipients(
  state: State,
  conversation: Conversation,
  destination?: Destination,
): ChannelClient[] {
  const clientsOf = (ids: string[]) => ids.flatMap((id) => state.channelClients.get(id) ?? []);
  const all = conversation.participants.map(({ clientIds }) => clientsOf(clientIds));
  if (destination === undefined) return all.flatMap((clients) => clients.slice(0, 1));
  if (conversation.type !== 'personal')
    throw new ApiError(400, 'bad_request', '.destination: is for personal conversations only');
  if ('integrationType' in destination && destination.integrationType === 'none') return [];
  const named = all.flat().filter((client) => isNamed(state, client, destination));
  if (named.length > 0) return named;
  const title = '.destination: no participant has a client of this integration';
  throw new ApiError(400, 'bad_request', title);
}

function isNamed(state: State, client: ChannelClient, destination: Destination): boolean {
  const { webIntegrationId = '' } = state.accounts.get(client.account) ?? {};
  const type = client.type === 'sdk' ? 'web' : client.type;
  const integrationId = client.type === 'sdk' ? webIntegrationId : client.integrationId;
  return 'integrationId' in destination
    ? destination.integrationId === integrationId
    : [type, client.type].includes(destination.integrationType);
}

/**
 * Hands a message to the channels and says how that went: to the channel, and from there to the customer,
 * or not at all when the customer has blocked the business, or a fault is armed.
 */
export function deliverToChannels(
  needs: Needs,
  conversation: Conversation,
  message: Message,
  recipients: ChannelClient[],
): void {
  const { state, faults } = needs;
  for (const client of recipients) {
    const user = state.users.get(client.userId);
    const account = state.accounts.get(client.account);
    if (!user || !account) continue;
    const isWeb = client.type === 'sdk';
    const integrationId = isWeb ? account.webIntegrationId : client.integrationId;
    const destination = { type: isWeb ? 'web' : client.type, integrationId };
    const externalMessages = isWeb ? undefined : [{ id: `wamid.${newId()}` }];
    const tell = (what: 'channel' | 'user' | 'failure', more: Record<string, unknown>) =>
      publish(needs, `conversation:message:delivery:${what}`, conversation, (webhook) => ({
        user: showUserForWebhook(user, webhook),
        message: { id: message.id },
        destination,
        ...more,
      }));
    const error = whyNot(client, faults.take('failChannelDelivery'));
    if (error) {
      tell('failure', { error, isFinalEvent: true });
      continue;
    }
    const ids = externalMessages && { externalMessages };
    tell('channel', { ...ids, isFinalEvent: false });
    tell('user', { ...ids, isFinalEvent: true });
  }
}

function whyNot({ status }: ChannelClient, isStruck: boolean) {
  if (status === 'blocked')
    return { code: 'unauthorized', message: 'The user has blocked the business' };
  if (!isStruck) return undefined;
  return { code: 'uncategorized_error', message: 'The channel did not take the message' };
}
