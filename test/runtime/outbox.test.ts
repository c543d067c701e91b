import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createObserve } from '../../server/observe.ts';
import { createOutbox, type OutgoingMessage } from '../../server/runtime/outbox.ts';
import { apiBaseUrl } from '../../server/zendesk/urls.ts';
import { createClient, type ZendeskClient } from '../../server/zendesk/client.ts';
import { createRemoteCall, type RemoteFetch } from '../../server/remote-call.ts';
import { readZendeskForm } from '../../server/zendesk/errors.ts';
import { CLIENT_ID, repliesIn, startShop, type Shop } from '../support/start-shop.ts';

const observe = createObserve();
const beforeSending = vi.fn<() => Promise<void>>();
let shop: Shop;
let client: ZendeskClient;
let conversationId: string;

beforeEach(async () => {
  shop = await startShop({ bot: { onStart: async () => {} } });
  const token = shop.zendesk.install({ account: 'acme', clientId: CLIENT_ID });
  const opened = shop.zendesk.createConversation({ account: 'acme' });
  conversationId = opened.conversationId;
  const apiUrl = `${shop.sandbox.url}/accounts/{subdomain}/sc`;
  const baseUrl = apiBaseUrl({ oauthUrl: '', apiUrl, legacyApiUrl: '' }, 'acme');
  const send: RemoteFetch = (_operation, url, init) => fetch(url, init);
  const request = createRemoteCall({
    readForm: readZendeskForm,
    headers: {},
    timeoutMs: 5_000,
    fetch: send,
  });
  client = createClient(request, { baseUrl, appId: opened.appId, token });
});
afterEach(() => {
  beforeSending.mockClear();
  return shop.close();
});

const text = (value: string) => ({ type: 'text' as const, text: value });
const listCalls = () => shop.zendesk.calls.filter(({ operation }) => operation === 'ListMessages');

function openOutbox(eventId: string, { possiblyAnswered = false, receivedAt = Date.now() } = {}) {
  const delivery = { eventId, conversationId, receivedAt, possiblyAnswered };
  const send = createOutbox({ conversations: client.conversations, delivery, observe });
  return (content: OutgoingMessage['content']) => send({ content }, beforeSending);
}

describe('the outbox', () => {
  it('does not look before the first attempt', async () => {
    await openOutbox('event')(text('One.'));
    expect(listCalls()).toEqual([]);
  });

  it('goes on where the attempt before stopped, and looks once', async () => {
    await openOutbox('event')(text('One.'));
    const sendAgain = openOutbox('event', { possiblyAnswered: true });
    for (const value of ['One.', 'Two.', 'Three.']) await sendAgain(text(value));
    expect(repliesIn(shop, conversationId)).toEqual(['One.', 'Two.', 'Three.']);
    expect(listCalls()).toHaveLength(1);
    // Of what was sent already nobody asks who is in control now.
    expect(beforeSending).toHaveBeenCalledTimes(3);
  });

  it('sends a hundred messages at most, so that a loop which does not end does', async () => {
    const sendAnother = openOutbox('event');
    const sendWithoutEnd = async () => {
      for (;;) await sendAnother(text('Again.'));
    };
    await expect(sendWithoutEnd()).rejects.toThrow('100 messages were sent in answer to one event');
    expect(repliesIn(shop, conversationId)).toHaveLength(100);
  });

  it('sends nothing that must not be sent any more', async () => {
    beforeSending.mockRejectedValueOnce(new Error('Somebody else is in control.'));
    await expect(openOutbox('event')(text('One.'))).rejects.toThrow('Somebody else');
    expect(repliesIn(shop, conversationId)).toEqual([]);
  });

  it('tells the replies of one event from those of another', async () => {
    await openOutbox('event-1')(text('To the first.'));
    await openOutbox('event-10', { possiblyAnswered: true })(text('To the tenth.'));
    expect(repliesIn(shop, conversationId)).toEqual(['To the first.', 'To the tenth.']);
  });

  it('finds a reply that more than a page of messages came after', async () => {
    await openOutbox('event')(text('One.'));
    for (let n = 0; n < 120; n++) shop.zendesk.agentReply({ conversationId, text: `${n}` });
    await openOutbox('event', { possiblyAnswered: true })(text('One.'));
    expect(repliesIn(shop, conversationId)).toEqual(['One.']);
    expect(listCalls()).toHaveLength(2);
  });

  it('does not read the whole history of a long conversation', async () => {
    for (let n = 0; n < 220; n++) shop.zendesk.agentReply({ conversationId, text: `${n}` });
    const inAnHour = Date.now() + 60 * 60_000;
    await openOutbox('event', { possiblyAnswered: true, receivedAt: inAnHour })(text('One.'));
    expect(listCalls()).toHaveLength(1);
  });
});
