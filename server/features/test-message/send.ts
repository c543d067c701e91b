import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Core } from '../../core.ts';
import { SETTINGS_PATH } from '../../installations/status/page.ts';
import { Done } from '../../remote-call.ts';
import { RemoteError } from '../../remote-error.ts';
import type { Installation } from '../../store/schema.ts';
import type { Flash } from '../../web/sessions.ts';
import type { ZendeskClient } from '../../zendesk/client.ts';
import { runAction } from '../shared/run-action.ts';

const Conversation = z.object({ id: z.string(), type: z.string().optional() });
const OneConversation = z.object({ conversation: Conversation });
const Conversations = z.object({ conversations: z.array(Conversation) });

/** The button that sends a test message. */
export async function sendTestMessage(core: Core, request: Request, response: Response) {
  async function send(installation: Installation): Promise<Flash> {
    const { id: installationId } = installation;
    const subject = { installationId, kind: 'form', title: 'A test message was sent' } as const;
    await core.observe.work(subject, () => postTestMessage(core, installation));
    return { kind: 'ok', text: 'The test message was sent.' };
  }
  const hrefAfter = ({ id }: Installation) => `/installations/${id}${SETTINGS_PATH}`;
  await runAction(core, request, response, send, hrefAfter);
}

/** As business, to a user of our own: never into a customer's conversation. */
async function postTestMessage({ zendesk }: Core, installation: Installation): Promise<void> {
  const client = await zendesk.clientFor(installation);
  const externalId = `shopkeeper-sample-${installation.id}`;
  await ensureUser(client, externalId);
  const id = (await findPersonal(client, externalId)) ?? (await createPersonal(client, externalId));
  const text = 'Hello from your new bot. If you can read this, sending works.';
  await client.conversations.postMessage(id, { content: { type: 'text', text } });
}

/** 409 is the platform's word for "there already". */
async function ensureUser(client: ZendeskClient, externalId: string): Promise<void> {
  try {
    await client.call('CreateUser', 'POST', '/users', Done, { externalId });
  } catch (error) {
    if (!(error instanceof RemoteError && error.status === 409)) throw error;
  }
}

async function findPersonal(client: ZendeskClient, externalId: string) {
  const path = `/conversations?filter[userExternalId]=${encodeURIComponent(externalId)}`;
  const { conversations } = await client.call('ListConversations', 'GET', path, Conversations);
  return conversations.find(({ type }) => type === 'personal')?.id;
}

async function createPersonal(client: ZendeskClient, userExternalId: string): Promise<string> {
  const body = { type: 'personal', participants: [{ userExternalId }] };
  const path = '/conversations';
  const { conversation } = await client.call(
    'CreateConversation',
    'POST',
    path,
    OneConversation,
    body,
  );
  return conversation.id;
}
