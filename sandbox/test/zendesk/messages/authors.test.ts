import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWorld } from '../../support/start-world.ts';
import type { World } from '../../support/start-world.ts';

const business = { type: 'business' };

describe('a message', () => {
  let world: World;
  let conversationId: string;
  let bot: ReturnType<World['installListening']>;

  beforeEach(async () => {
    world = await startWorld();
    bot = world.installListening('acme', ['conversation:message']);
    ({ conversationId } = world.control.createConversation({ account: 'acme' }));
  });

  afterEach(() => world.close());

  const postBy = (author: Record<string, unknown>) =>
    bot.call('POST', `/conversations/${conversationId}/messages`, {
      author,
      content: { type: 'text', text: 'x' },
    });

  it('is signed with a name, a picture and the mark of a machine', async () => {
    const author = {
      ...business,
      displayName: 'Robo',
      avatarUrl: 'https://shop.example/robo.png',
      subtypes: ['AI'],
    };
    expect((await postBy(author)).body.messages).toMatchObject([{ author }]);
    const list = await bot.call('GET', `/conversations/${conversationId}/messages`);
    expect(list.body.messages).toMatchObject([{ author }]);
    expect((await world.events()).at(-1)?.payload.message).toMatchObject({ author });
  });

  it.each([
    ['the mark of an agent', { ...business, subtypes: ['agent'] }],
    ['two marks', { ...business, subtypes: ['AI', 'AI'] }],
    ['a picture that is a script', { ...business, avatarUrl: 'javascript:alert(1)' }],
    ['nobody', {}],
    ['a user without a name', { type: 'user' }],
    ['a user with two names', { type: 'user', userId: 'a', userExternalId: 'b' }],
  ])('is not signed by %s', async (_case, author) => {
    const { status, body } = await postBy(author);
    expect([status, body.errors?.[0]?.title]).toEqual([400, expect.stringMatching(/^\.author/)]);
  });
});
