import { z } from 'zod';
import type { Core } from '../../core.ts';
import { AppError } from '../../errors.ts';
import { isGone } from '../../remote-error.ts';
import type { Installation } from '../../store/schema.ts';
import type { ZendeskClient } from '../../zendesk/client.ts';
import { isColumnText } from '../../text.ts';
import { findLivingId } from '../gone.ts';
import type { Place } from './wakes.ts';

const WAIT_FOR_OTHERS_MS = 5_000;

/** Where to speak: in a conversation, or wherever a customer is, by your own id of them. */
export type Addressee = { conversationId: string } | { externalId: string };

const OneUser = z.object({ user: z.object({ id: z.string(), externalId: z.string().nullish() }) });
const Participants = z.object({
  participants: z.array(
    z.object({ userId: z.string().nullish(), userExternalId: z.string().nullish() }),
  ),
});
const Conversation = z.object({
  id: z.string(),
  type: z.string().optional(),
  lastUpdatedAt: z.string().nullish(),
});
const OneConversation = z.object({ conversation: Conversation });
const Conversations = z.object({
  conversations: z.array(Conversation),
  meta: z.object({ hasMore: z.boolean().optional(), afterCursor: z.string().nullish() }).optional(),
});

/** @throws AppError when Zendesk knows nobody of that id, RemoteError. */
export async function findPlace(
  core: Pick<Core, 'zendesk' | 'conversations' | 'database' | 'parts' | 'locks'>,
  installation: Installation,
  to: Addressee,
): Promise<Place> {
  // Nobody has such an id: an address would end elsewhere with it, and neither that nor a database takes it.
  for (const id of Object.values(to))
    if (/^\.{0,2}$/.test(id) || !isColumnText(id))
      throw unknown('id_empty', `nothing under the id “${id}”`);
  const client = await core.zendesk.clientFor(installation);
  return 'conversationId' in to
    ? await findConversation(core, client, installation.id, to.conversationId)
    : await findCustomer(core, client, installation.id, to.externalId);
}

async function findConversation(
  core: Pick<Core, 'conversations' | 'database' | 'parts'>,
  client: ZendeskClient,
  installationId: string,
  wanted: string,
): Promise<Place> {
  const wantedPlace = { kind: 'conversation', installationId, id: wanted } as const;
  const conversationId = await findLivingId(core, core.database.kysely, wantedPlace);
  const known = await core.conversations.find(installationId, conversationId);
  // What is deleted at Zendesk is not known here any more.
  if (known?.user_id) return { installationId, conversationId, customer: { id: known.user_id } };
  const path = `/conversations/${encodeURIComponent(conversationId)}/participants`;
  const { participants } = await client
    .call('ListParticipants', 'GET', path, Participants)
    .catch(unlessGone('conversation_unknown', `no conversation “${wanted}”`));
  for (const { userId, userExternalId } of participants)
    if (userId)
      return { installationId, conversationId, customer: customerOf(userId, userExternalId) };
  throw unknown('conversation_unknown', `no customer in the conversation “${wanted}”`);
}

/** In the conversation that was used last, or else in a new one. */
async function findCustomer(
  { locks }: Pick<Core, 'locks'>,
  client: ZendeskClient,
  installationId: string,
  externalId: string,
): Promise<Place> {
  const path = `/users/${encodeURIComponent(externalId)}`;
  const { user } = await client
    .call('GetUser', 'GET', path, OneUser)
    .catch(unlessGone('customer_unknown', `no customer with the external id “${externalId}”`));
  // Zendesk looks an id up as its own as well: that would be somebody else.
  if (user.externalId !== externalId)
    throw unknown('customer_unknown', `no customer with the external id “${externalId}”`);
  const find = () => findNewest(client, user.id);
  const conversationId =
    (await find()) ??
    // Whoever asks at the same time, or again because the answer got lost, finds the one we create.
    (await locks.withLock(
      `speak/${installationId}/${user.id}`,
      { waitMs: WAIT_FOR_OTHERS_MS },
      async () => (await find()) ?? (await createConversation(client, user.id)),
    ));
  return { installationId, conversationId, customer: customerOf(user.id, externalId) };
}

/** The personal conversation that somebody wrote in last. */
async function findNewest(client: ZendeskClient, userId: string): Promise<string | undefined> {
  const list = `/conversations?filter[userId]=${encodeURIComponent(userId)}&page[size]=100`;
  let newest: z.infer<typeof Conversation> | undefined;
  let path: string | undefined = list;
  while (path !== undefined) {
    const page: z.infer<typeof Conversations> = await client.call(
      'ListConversations',
      'GET',
      path,
      Conversations,
    );
    for (const one of page.conversations)
      if (one.type === 'personal' && timeOf(one) >= timeOf(newest)) newest = one;
    const after = page.meta?.hasMore ? page.meta.afterCursor : undefined;
    path = after ? `${list}&page[after]=${encodeURIComponent(after)}` : undefined;
  }
  return newest?.id;
}

const timeOf = (one: z.infer<typeof Conversation> | undefined): number =>
  Date.parse(one?.lastUpdatedAt ?? '') || 0;

async function createConversation(client: ZendeskClient, userId: string): Promise<string> {
  // Else the customer would hear nothing before having looked at it (participants, in Zendesk's description).
  const body = { type: 'personal', participants: [{ userId, subscribeSDKClient: true }] };
  const { conversation } = await client.call(
    'CreateConversation',
    'POST',
    '/conversations',
    OneConversation,
    body,
  );
  return conversation.id;
}

const customerOf = (id: string, externalId: string | null | undefined) => ({
  id,
  externalId: externalId ?? undefined,
});

const unlessGone =
  (code: string, what: string) =>
  (error: unknown): never => {
    throw isGone(error) ? unknown(code, what) : error;
  };

function unknown(code: string, what: string): AppError {
  const hint = 'Look whether it is of this account; what was deleted there is gone here, too.';
  return new AppError(code, `Zendesk has ${what}.`, hint, { status: 404 });
}
