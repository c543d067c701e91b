import { afterEach, describe, expect, it } from 'vitest';
import { OperatorError } from '../../../server/errors.ts';
import { checkBot } from '../../../server/features/shared/check-bot.ts';
import { identity, Said } from '../../../server/features/identity/index.ts';
import type { Bot } from '../../../server/runtime/types.ts';
import { createShopkeeper } from '../../../server/shopkeeper.ts';
import { fakeTools } from '../../bot/fake-tools.ts';
import { openTestDatabase } from '../../support/store/engines.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';

const handlers = { onMessage: async () => {}, onHandOffFailed: async () => {} };
const avatarUrl = 'https://shop.example/bot.png';

describe('what bot.ts says beside its functions', () => {
  it.each<Partial<Bot>>([
    {},
    { identity: {} },
    {
      identity: { displayName: 'n'.repeat(100), avatarUrl, isAI: false },
    },
  ])('is taken as it is: %j', (settings) => {
    expect(() => checkBot({ ...handlers, ...settings }, Said)).not.toThrow();
  });

  it.each<[object, string]>([
    [{ identity: { displayName: '' } }, 'identity.displayName: is empty'],
    [{ identity: { displayName: 'n'.repeat(101) } }, 'identity.displayName: is longer than 100'],
    [{ identity: { avatarUrl: 'bot.png' } }, 'identity.avatarUrl: is no address'],
    [{ identity: { avatarUrl: 'http://a.example/a.png' } }, 'identity.avatarUrl: does not begin'],
    [{ identity: { avatarUrl: `${avatarUrl}?${'a'.repeat(2048)}` } }, 'avatarUrl: is longer than'],
    [{ identity: { isAI: 'yes' } }, 'identity.isAI: is true or false'],
    [{ identity: { name: 'Robin' } }, 'identity'],
  ])('is refused with what is wrong: %j', (settings, problem) => {
    const bot: Bot = Object.assign({ ...handlers }, settings);
    expect(() => checkBot(bot, Said)).toThrow(OperatorError);
    expect(() => checkBot(bot, Said)).toThrow(problem);
  });

  it('keeps the app from starting when it is wrong', async () => {
    const database = await openTestDatabase('sqlite');
    const { log } = fakeTools();
    const bot = { ...handlers, identity: { displayName: '' } };
    expect(() =>
      createShopkeeper({
        config: {
          publicUrl: 'http://localhost',
          oauthClient: { id: 'a', secret: 'b' },
          marketplace: { name: undefined, organizationId: undefined, botId: undefined },
          zendesk: { oauthUrl: '', apiUrl: '', legacyApiUrl: '' },
          trustProxy: false,
          answerWithoutSwitchboard: false,
          keepIgnored: false,
          sandbox: null,
          variables: {},
        },
        secrets: { sessionSecrets: [], encryptionKeys: [{ id: 'test', key: Buffer.alloc(32, 7) }] },
        database,
        bot,
        features: [identity],
        log,
      }),
    ).toThrow('server/bot/bot.ts cannot be used');
    await database.close();
  });
});

describe('the identity of the bot', () => {
  let chat: Chat;
  afterEach(() => chat.shop.close());

  it('is the author of every message, marked as an AI', async () => {
    chat = await openChat({
      identity: { displayName: 'Robin', avatarUrl, isAI: true },
      async onMessage({ reply }) {
        await reply('One.');
        await reply('Two.');
      },
    });
    await chat.say();
    const author = { type: 'business', displayName: 'Robin', avatarUrl, subtypes: ['AI'] };
    const bodies = chat.callsOf('PostMessage').map(({ body }) => body);
    expect(bodies).toMatchObject([{ author }, { author }]);
    const shown = chat.zendesk.messages(chat.conversationId).slice(-2);
    expect(shown).toMatchObject([{ author }, { author }]);
  });

  it('is the business alone where bot.ts gives none', async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('One.') });
    await chat.say();
    expect(chat.callsOf('PostMessage')[0]?.body).toMatchObject({ author: { type: 'business' } });
    expect(JSON.stringify(chat.callsOf('PostMessage')[0]?.body)).not.toContain('subtypes');
  });
});
