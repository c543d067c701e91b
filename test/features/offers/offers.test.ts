import { afterEach, describe, expect, it } from 'vitest';
import type { OnMessage } from '../../../server/runtime/types.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { CLIENT_ID } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

const us = { id: '1', integrationType: CLIENT_ID };
const agents = { id: '2', integrationType: 'zd:agentWorkspace' };
const activeNow = () =>
  chat.zendesk.conversation(chat.conversationId).activeSwitchboardIntegration?.integrationType;
const offer = (pendingSwitchboardIntegration: object) =>
  chat.tell('switchboard:offerControl', {
    conversation: {
      id: chat.conversationId,
      activeSwitchboardIntegration: agents,
      pendingSwitchboardIntegration,
    },
  });

/** Hands over, and asks to have it back: as a bot does that wants to go on hearing a conversation. */
const handOverAndOffer: OnMessage = async ({ message, reply, handOff, conversation }) => {
  if (message.type === 'text' && message.text === 'And now?') return reply('Here I am.');
  await handOff({ reason: 'A person.' });
  const { shop, zendesk } = chat;
  const [installed] = zendesk.installations();
  const api = `${shop.sandbox.url}/accounts/acme/sc/v2/apps/${installed?.appId}`;
  const answer = await fetch(`${api}/conversations/${conversation.id}/offerControl`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${installed?.accessTokens[0]}`,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({ switchboardIntegration: CLIENT_ID }),
  });
  expect(answer.status).toBe(200);
};

describe('control that is offered to the bot', () => {
  it('is accepted, and what the customer says next is answered', async () => {
    chat = await openChat({ onMessage: handOverAndOffer });
    await chat.say();
    await waitUntil('the bot is in control', () => activeNow() === CLIENT_ID);
    const known = () =>
      chat.shop.stores.conversations.find(chat.installationId, chat.conversationId);
    await waitUntil('it is known', async () => (await known())?.controller === CLIENT_ID);
    const { conversationId } = chat;
    chat.zendesk.sendCustomerMessage({ conversationId, text: 'And now?' });
    await waitUntil('there is an answer', () => chat.replies().length > 0);
    expect(chat.replies()).toEqual(['Here I am.']);
    expect(chat.callsOf('AcceptControl')).toHaveLength(1);
  });

  it('is left where it is by a bot that accepts none', async () => {
    chat = await openChat({ acceptOffers: false });
    chat.zendesk.setActive(chat.conversationId, 'zd-agentWorkspace');
    const note = 'Control was offered, and acceptOffers is false in bot.ts.';
    expect(await offer(us)).toMatchObject({ state: 'ignored', note });
    expect(chat.callsOf('AcceptControl')).toEqual([]);
  });

  it('is somebody else’s affair when it is offered to him', async () => {
    chat = await openChat({});
    const note = 'Control is offered to zd:answerBot.';
    const event = await offer({ id: '3', integrationType: 'zd:answerBot' });
    expect(event).toMatchObject({ state: 'ignored', note });
    expect(chat.callsOf('AcceptControl')).toEqual([]);
  });

  it('and taken back meanwhile is no failure', async () => {
    chat = await openChat({});
    chat.zendesk.setActive(chat.conversationId, 'zd-agentWorkspace');
    const note = 'Control was offered, and the offer was taken back.';
    expect(await offer(us)).toMatchObject({ state: 'ignored', attempts: 1, note });
  });

  it('and accepted although the answer was lost is accepted at the next attempt', async () => {
    chat = await openChat({ onMessage: handOverAndOffer });
    chat.zendesk.armFault({ kind: 'dropAnswer', operation: 'AcceptControl' });
    await chat.say();
    const event = await waitUntil('it is done', () =>
      chat.shop.database.kysely
        .selectFrom('events')
        .selectAll()
        .where('type', '=', 'switchboard:offerControl')
        .where('state', '=', 'done')
        .executeTakeFirst(),
    );
    expect(event).toMatchObject({ attempts: 2, note: 'Control was offered, and accepted.' });
    expect(activeNow()).toBe(CLIENT_ID);
  });
});
