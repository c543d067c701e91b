import { afterEach, describe, expect, it } from 'vitest';
import { createTraceStore } from '../../../server/features/timeline/traces.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { CLIENT_ID } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

/** Of events, oldest first. */
async function readTraces() {
  const traces = await createTraceStore({ database: chat.shop.database, now: Date.now }).list(
    chat.installationId,
    { limit: 100 },
  );
  return traces.filter(({ kind }) => kind === 'event').toReversed();
}
const traceOf = async (title: string) => {
  const found = (await readTraces()).findLast((trace) => trace.title === title);
  if (found === undefined) throw new Error(`No trace of ${title}`);
  return found;
};
const keysOf = ({ steps }: { steps: readonly { key: string }[] }) => steps.map(({ key }) => key);

describe('the trace of an event', () => {
  it('tells of the delivery, the decision, the call and what was recorded, in this order', async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('Hi.') });
    const event = await chat.say('Hello?');
    const trace = await traceOf('“Hello?”');
    expect(trace.steps).toMatchObject([
      {
        key: 'EventWebhooks',
        at: event.received_at,
        values: { type: 'conversation:message' },
        call: {
          method: 'POST',
          url: `${chat.shop.url}/webhooks/${chat.installationId}`,
          requestHeaders: { 'X-API-Key': '⟦WEBHOOK_SECRET⟧' },
          requestBody: { text: expect.stringContaining('Hello?') },
          status: 200,
          durationMs: null,
        },
      },
      { key: 'event-claimed', values: { attempt: 1, waitedMs: expect.any(Number) }, call: null },
      { key: 'message-handled' },
      {
        key: 'PostMessage',
        call: {
          method: 'POST',
          url: expect.stringContaining(`/conversations/${chat.conversationId}/messages`),
          requestHeaders: {
            Authorization: 'Bearer ⟦TOKEN⟧',
            'X-Zendesk-Marketplace-Bot-Id': '7',
          },
          requestBody: { text: expect.stringContaining('Hi.') },
          status: 201,
          durationMs: expect.any(Number),
        },
      },
      { key: 'event-settled', values: { state: 'done', note: 'Message answered: 1 reply' } },
    ]);
  });

  it('tells of a hand-off, and then why the bot is silent', async () => {
    chat = await openChat({ onMessage: ({ handOff }) => handOff({ reason: 'A person.' }) });
    await chat.say('agent');
    expect(keysOf(await traceOf('“agent”'))).toContain('PassControl');
    chat.zendesk.sendCustomerMessage({ conversationId: chat.conversationId, text: 'Human?' });
    const silent = await waitUntil('the second message is traced', async () =>
      (await readTraces()).find(
        ({ title, steps }) =>
          title === 'A message' && keysOf({ steps }).includes('event-left-alone'),
      ),
    );
    expect(keysOf(silent)).toEqual([
      'EventWebhooks',
      'event-claimed',
      'event-left-alone',
      'event-settled',
    ]);
    expect(silent.steps[2]?.values['reason']).toContain('the Agent Workspace');
  });

  it('says nothing of what was said when the event is left alone, also not of an earlier attempt', async () => {
    const told: string[] = [];
    chat = await openChat({
      async onMessage({ message, reply }) {
        if (message.type === 'text') told.push(message.text);
        chat.zendesk.setActive(chat.conversationId, 'zd:agentWorkspace');
        if (told.length === 1) throw new Error('Not yet.');
        await reply('Too late.');
      },
    });
    const event = await chat.say('my secret');
    expect(told).toEqual(['my secret', 'my secret']);
    expect(event).toMatchObject({ state: 'ignored', attempts: 2, payload: null });
    const traces = await readTraces();
    expect(JSON.stringify(traces)).not.toContain('my secret');
    expect(traces.at(-1)).toMatchObject({
      title: 'A message',
      steps: expect.arrayContaining([
        expect.objectContaining({ key: 'EventWebhooks', call: expect.anything() }),
        expect.objectContaining({ key: 'event-left-alone' }),
      ]),
    });
  });

  it('tells of what is left alone in full where that is asked for', async () => {
    chat = await openChat({}, { keepIgnored: true });
    chat.zendesk.setActive(chat.conversationId, 'zd:agentWorkspace');
    expect((await chat.say('for an agent')).payload).toContain('for an agent');
    expect(JSON.stringify(await traceOf('“for an agent”'))).toContain('text');
  });

  it('exists for each attempt, and shows that nothing is sent twice', async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('Hi.') });
    chat.zendesk.armFault({ kind: 'dropAnswer', operation: 'PostMessage' });
    await chat.say();
    const [first, second] = (await readTraces()).filter(({ title }) => title === '“Hello?”');
    expect(first?.steps.at(-3)).toMatchObject({ key: 'PostMessage', call: { status: null } });
    expect(first?.steps.at(-2)?.key).toBe('attempt-failed');
    expect(first?.steps.at(-1)?.values['state']).toBe('waiting');
    expect(keysOf(second ?? { steps: [] })).toEqual([
      'EventWebhooks',
      'event-claimed',
      'message-handled',
      'ListMessages',
      'reply-found',
      'event-settled',
    ]);
  });

  it('tells why an event failed', async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('Hi.') });
    chat.zendesk.armFault({ kind: 'answer', operation: 'PostMessage', status: 423 });
    await chat.say();
    const { steps } = await traceOf('“Hello?”');
    const call = steps.find(({ key }) => key === 'PostMessage');
    expect(call).toMatchObject({ call: { status: 423 } });
    expect(steps.at(-1)?.values).toMatchObject({ state: 'failed' });
  });

  it('is titled with the beginning of a long message', async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('Hi.') });
    await chat.say('x'.repeat(500));
    await traceOf(`“${'x'.repeat(60)}…”`);
  });

  it('does not exist for our own messages that come back', async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('Hi.') });
    await chat.say();
    await chat.zendesk.settled();
    const echoes = await chat.shop.database.kysely
      .selectFrom('events')
      .selectAll()
      .where('note', '=', 'Written by the business side.')
      .execute();
    expect(echoes.length).toBeGreaterThan(0);
    const traced = await chat.shop.database.kysely
      .selectFrom('traces')
      .select('event_id')
      .execute();
    const tracedIds = traced.map((row) => row.event_id);
    for (const echo of echoes) expect(tracedIds).not.toContain(echo.event_id);
  });

  it('goes with the customer, whose removal leaves none of its own', async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('Hi.') });
    await chat.say('private');
    const { conversations } = chat.shop.stores;
    const known = await conversations.find(chat.installationId, chat.conversationId);
    const removal = { id: 'removal', type: 'user:remove', createdAt: '' };
    const payload = { user: { id: known?.user_id } };
    await chat.zendesk.deliver({
      account: 'acme',
      clientId: CLIENT_ID,
      events: [{ ...removal, payload }],
    });
    await waitUntil('the conversation is forgotten', async () => {
      const found = await conversations.find(chat.installationId, chat.conversationId);
      return found === undefined;
    });
    expect(await readTraces()).toEqual([]);
  });
});
