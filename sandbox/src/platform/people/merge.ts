import { Refused } from '../../refused.ts';
import type { Conversation, User } from '../../state/records.ts';
import { addToList } from '../../state/state.ts';
import type { State } from '../../state/state.ts';
import type { Metadata } from '../../state/values.ts';
import type { Platform } from '../create-platform.ts';
import { publishUsersMerged } from '../events/people-events.ts';
import type { Merge, MergeReason } from '../events/people-events.ts';
import { forgetConversation, forgetUser } from './removal.ts';

type Needs = Pick<Platform, 'state' | 'changes' | 'deliveries'>;

export interface Merging {
  surviving: User;
  discarded: User;
  reason: MergeReason;
  /** Of a channel link: the client that was there before, and the pending one that it replaces. */
  clients?: Merge['clients'];
}

/**
 * Two users are one person: what is the discarded one's becomes the survivor's. By API, the first
 * conversations that each has alone become one, too; where customers may have several, signing in and
 * linking a channel leave conversations as they are (help 8008427696410).
 * @throws Refused 400 for a user and themselves.
 */
export function mergeUsers(needs: Needs, { surviving, discarded, reason, clients }: Merging): void {
  const { state, changes } = needs;
  if (surviving === discarded) throw new Refused(400, 'Choose another customer to merge with.');
  const [into, from] = [surviving, discarded].map(({ id }) =>
    state.conversationsByUser.get(id)?.find(({ type }) => type === 'personal'),
  );
  const conversations =
    reason === 'api' && into && from ? { surviving: into, discarded: from } : undefined;
  const discardedMetadata = takeOverDetails(surviving, discarded);
  publishUsersMerged(needs, {
    surviving,
    discarded,
    reason,
    conversations,
    clients,
    discardedMetadata,
  });
  if (conversations) mergeConversations(needs, conversations);
  moveConversations(state, surviving, discarded);
  moveClients(state, surviving, discarded);
  takeOverKeys(state, surviving, discarded);
  changes.announce({ account: surviving.account });
}

const MAX_METADATA_BYTES = 4096;

/** Profile and metadata; what the survivor has stays. Returns what there was no room for. */
function takeOverDetails(surviving: User, discarded: User): Metadata | undefined {
  surviving.profile = { ...discarded.profile, ...surviving.profile };
  const both = { ...discarded.metadata, ...surviving.metadata };
  if (Buffer.byteLength(JSON.stringify(both)) > MAX_METADATA_BYTES)
    return discarded.metadata ?? undefined;
  if (Object.keys(both).length > 0) surviving.metadata = both;
  return undefined;
}

/** One conversation survives, with the messages of both, and is reached by the channels of both. */
function mergeConversations(
  needs: Needs,
  { surviving, discarded }: { surviving: Conversation; discarded: Conversation },
): void {
  const { state } = needs;
  const messages = [discarded, surviving].flatMap(({ id }) =>
    (state.messages.get(id) ?? []).map((message) => ({ ...message, conversationId: surviving.id })),
  );
  const clientIds = discarded.participants.flatMap((one) => one.clientIds);
  surviving.participants[0]?.clientIds.push(...clientIds);
  for (const attachment of state.attachments.values())
    if (attachment.conversationId === discarded.id) attachment.conversationId = surviving.id;
  state.messages.delete(discarded.id);
  forgetConversation(needs, discarded);
  state.messages.set(
    surviving.id,
    messages.toSorted((left, right) => left.received.localeCompare(right.received)),
  );
  needs.changes.announce({ account: surviving.account, conversationId: surviving.id });
}

function moveConversations(state: State, surviving: User, discarded: User): void {
  for (const conversation of state.conversationsByUser.get(discarded.id) ?? []) {
    const part = conversation.participants.find(({ userId }) => userId === discarded.id);
    const own = conversation.participants.find(({ userId }) => userId === surviving.id);
    if (part && own) {
      own.clientIds.push(...part.clientIds);
      conversation.participants = conversation.participants.filter((one) => one !== part);
    } else if (part) {
      part.userId = surviving.id;
      addToList(state.conversationsByUser, surviving.id, conversation);
    }
  }
}

function moveClients(state: State, surviving: User, discarded: User): void {
  for (const client of state.channelClientsByUser.get(discarded.id) ?? []) {
    client.userId = surviving.id;
    addToList(state.channelClientsByUser, surviving.id, client);
  }
  state.channelClientsByUser.delete(discarded.id);
}

/** The browsers, and who the person is elsewhere where the survivor did not know. */
function takeOverKeys(state: State, surviving: User, discarded: User): void {
  const { browserKeys = [], zendeskId, email } = discarded;
  forgetUser(state, discarded);
  if (zendeskId !== undefined) surviving.zendeskId ??= zendeskId;
  if (email !== undefined) surviving.email ??= email;
  surviving.browserKeys = [...(surviving.browserKeys ?? []), ...browserKeys];
  for (const key of browserKeys) state.usersByBrowserKey.set(key, surviving);
}
