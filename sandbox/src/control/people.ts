import type { Platform } from '../platform/create-platform.ts';
import { showChannelClient } from '../platform/people-shapes.ts';
import { removeClient, setBlocked } from '../platform/people/channels.ts';
import { cancelLink, confirmLink } from '../platform/people/links.ts';
import { mergeUsers } from '../platform/people/merge.ts';
import { removeConversation, removeUser } from '../platform/people/removal.ts';
import { signIn } from '../platform/people/sign-in.ts';
import type { Identity } from '../platform/people/sign-in.ts';
import type { SupportUser } from '../state/records.ts';
import { createFind } from './find.ts';

/** Who customers are, how they are reached, and what an administrator does with them, for tests: by ids. */
export function createPeopleControl(platform: Platform) {
  const { state } = platform;
  const { account, conversation, user, channelClient, supportUser } = createFind(state);

  return {
    /** With all conversations. */
    removeUser: (userId: string): void => removeUser(platform, user(userId)),

    removeConversation: (id: string): void => removeConversation(platform, conversation(id)),

    /** Two users turn out to be one: what is the discarded one's becomes the survivor's. */
    mergeUsers: (ids: { surviving: string; discarded: string }): void =>
      mergeUsers(platform, {
        surviving: user(ids.surviving),
        discarded: user(ids.discarded),
        reason: 'api',
      }),

    /** The visitor says who they are on the website. Returns the id of the user they are from now on. */
    signIn({ userId, ...identity }: { userId: string } & Identity): string {
      const visitor = user(userId);
      return signIn(platform, account(visitor.account), visitor, identity).id;
    },

    /** What Zendesk Support knows of a person changes; a customer follows when it is synchronized. */
    changeSupportUser(
      zendeskId: string,
      changes: Partial<Omit<SupportUser, 'id' | 'account'>>,
    ): void {
      Object.assign(supportUser(zendeskId), changes);
      platform.changes.announce({ account: supportUser(zendeskId).account });
    },

    /** Of all channels, as ListClients shows them. */
    clients: (userId: string) =>
      (state.channelClientsByUser.get(user(userId).id) ?? []).map(showChannelClient),

    /** The customer says yes, or no, to being reached on a channel. */
    confirmLink: (clientId: string): void => confirmLink(platform, channelClient(clientId)),
    cancelLink: (clientId: string): void => cancelLink(platform, channelClient(clientId)),

    /** The customer does away with a channel in the widget. */
    unlink: (clientId: string): void => removeClient(platform, channelClient(clientId), 'sdk'),

    /** The customer blocks the business on a channel, or lets it write again. */
    setBlocked: (clientId: string, isBlocked: boolean, conversationId: string): void =>
      setBlocked(platform, channelClient(clientId), isBlocked, conversation(conversationId)),
  };
}
