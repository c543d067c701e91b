import { afterEach, describe, expect, it } from 'vitest';
import type { Feature } from '../../../server/features/feature.ts';
import { features } from '../../../server/features.ts';
import { RemoteError } from '../../../server/remote-error.ts';
import type { OnMessage } from '../../../server/runtime/types.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { waitUntil } from '../../support/wait-until.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

const withBug: OnMessage = async () => {
  throw new TypeError('order is not a function');
};
const note = 'Given up after the same error twice: order is not a function';

const activeNow = () =>
  chat.zendesk.conversation(chat.conversationId).activeSwitchboardIntegration?.integrationType;
const lines = async () => chat.shop.notes.latest(chat.installationId, 20).map(({ text }) => text);

describe('a customer who could not be answered', () => {
  it('is told so as well when it was a feature that failed before the bot was asked', async () => {
    const failing: Feature = {
      name: 'failing',
      open: () => ({
        async prepare({ parsed }) {
          throw new TypeError(`What is ${parsed.payload.conversation.id}?`);
        },
      }),
    };
    chat = await openChat({}, { features: [...features, failing] });
    expect(await chat.say('Hello?')).toMatchObject({ state: 'failed', attempts: 2 });
    expect(chat.replies()).toEqual([expect.stringContaining('I am sorry')]);
  });
});

describe('onGiveUp', () => {
  it('that fails itself is noted, and not tried again', async () => {
    let count = 0;
    chat = await openChat({
      onMessage: withBug,
      async onGiveUp() {
        count += 1;
        throw new Error('The help desk is closed.');
      },
    });
    expect(await chat.say()).toMatchObject({ state: 'failed', note });
    expect(count).toBe(1);
    expect(await lines()).toContain(
      `conversation:message failed: ${note} onGiveUp failed as well: The help desk is closed.`,
    );
    expect(chat.shop.printed.some((line) => line.includes('onGiveUp failed'))).toBe(true);
  });

  it('hands over also where nothing more can be said', async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('One more.') });
    for (let times = 0; times < 2; times++)
      chat.zendesk.armFault({ kind: 'answer', operation: 'PostMessage', status: 423 });
    expect(await chat.say()).toMatchObject({ state: 'failed', attempts: 1 });
    expect(chat.replies()).toEqual([]);
    expect(activeNow()).toBe('zd:agentWorkspace');
  });

  it('does not try to speak where the bot is refused', async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('Hello.') });
    chat.zendesk.armFault({ kind: 'answer', operation: 'PostMessage', status: 403 });
    expect(await chat.say()).toMatchObject({ state: 'failed', attempts: 1 });
    expect(chat.callsOf('PostMessage')).toHaveLength(1);
    expect(chat.callsOf('PassControl')).toEqual([]);
    expect((await lines()).join()).not.toContain('onGiveUp');
  });

  it('speaks where something else was refused, or is gone, which the handler asked for', async () => {
    const onMessage = async () => {
      throw new RemoteError('GetUser', { status: 403 });
    };
    chat = await openChat({ onMessage });
    expect(await chat.say()).toMatchObject({ state: 'failed', attempts: 1 });
    expect(chat.replies()).toEqual([expect.stringContaining('I am sorry')]);
    expect(activeNow()).toBe('zd:agentWorkspace');
  });

  it('says nothing over an agent who has come meanwhile', async () => {
    chat = await openChat({
      async onMessage({ event }) {
        if (event.attempt === 2) chat.zendesk.takeOver(chat.conversationId);
        throw new TypeError('order is not a function');
      },
    });
    expect(await chat.say()).toMatchObject({ state: 'failed', note });
    expect(chat.replies()).toEqual([]);
    expect((await lines()).join()).toContain('Control went to the Agent Workspace');
  });

  it('does not bother who asked for nothing, and is told what it was', async () => {
    const onStart = async () => {
      throw new TypeError('greet is not a function');
    };
    chat = await openChat({ onStart });
    const failed = await waitUntil('the greeting failed', () =>
      chat.shop.database.kysely
        .selectFrom('events')
        .selectAll()
        .where('state', '=', 'failed')
        .executeTakeFirst(),
    );
    expect(failed.type).toBe('conversation:create');
    expect(chat.replies()).toEqual([]);
    expect((await lines()).join()).toContain('onGiveUp: 0 replies');
  });

  it('cannot hand over again after a hand-off that failed', async () => {
    const refused: unknown[] = [];
    chat = await openChat({
      onMessage: ({ handOff }) => handOff({ reason: 'A person.', to: 'nobody-we-know' }),
      async onHandOffFailed() {
        throw new TypeError('nobody is not a function');
      },
      async onGiveUp({ handler, handOff, reply }) {
        await handOff({ reason: handler }).catch((error: unknown) => refused.push(error));
        await reply('Nobody can be reached.');
      },
    });
    await chat.say();
    await waitUntil('the customer was told', () => chat.replies().length > 0);
    expect(chat.replies()).toEqual(['Nobody can be reached.']);
    expect(String(refused)).toContain('The hand-off has just failed');
    expect(chat.callsOf('PassControl')).toHaveLength(1);
  });
});
