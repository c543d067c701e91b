import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CLIENT_ID, startWorld } from '../../support/start-world.ts';
import type { World } from '../../support/start-world.ts';

describe('what a customer does', () => {
  let world: World;
  let conversationId: string;
  let userId: string;
  let bot: ReturnType<World['installListening']>;

  beforeEach(async () => {
    world = await startWorld();
    bot = world.installListening();
    ({ conversationId, userId } = world.control.createConversation({
      account: 'acme',
      userExternalId: 'regular',
    }));
  });

  afterEach(() => world.close());

  async function lastEvent() {
    return (await world.events()).at(-1);
  }

  async function lastListed() {
    const { body } = await bot.call('GET', `/conversations/${conversationId}/messages`);
    return body.messages?.at(-1);
  }

  async function types() {
    return (await world.events()).map(({ type }) => type);
  }

  it.each([
    ['image', { name: 'tent.png', mediaType: 'image/png' }],
    ['file', { name: 'bill.pdf', mediaType: 'application/pdf' }],
  ])('sends an %s with a caption, which the bot reads with its token', async (type, file) => {
    const bytes = Buffer.from([0, 255, 128, 10, 13]);
    world.control.sendFile({ conversationId, bytes, caption: 'Look', ...file });
    const content = {
      type,
      text: 'Look',
      altText: file.name,
      mediaType: file.mediaType,
      mediaSize: 5,
      attachmentId: expect.any(String),
    };
    const event = await lastEvent();
    expect(event?.payload.message).toMatchObject({
      author: { type: 'user', user: { externalId: 'regular' } },
      content,
      source: { type: 'web' },
    });
    expect(await lastListed()).toMatchObject({ content });
    const answer = await fetch(event?.payload.message?.content?.mediaUrl ?? '', {
      headers: { Authorization: `Bearer ${bot.token}` },
    });
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
  });

  it.each([
    [0, undefined],
    [50 * 1024 * 1024 + 1, undefined],
    [1, 'x'.repeat(4097)],
  ])('cannot send a file of %i bytes with the caption %s', async (size, caption) => {
    const bytes = Buffer.alloc(size);
    const file = { bytes, name: 'a.zip', mediaType: 'application/zip' };
    expect(() =>
      world.control.sendFile({ conversationId, ...file, ...(caption && { caption }) }),
    ).toThrow();
    expect(world.control.messages(conversationId)).toEqual([]);
  });

  it('sends a file of a long name, of which no character is cut in two', () => {
    const name = `${'x'.repeat(127)}🎪.png`;
    const file = { bytes: Buffer.from('x'), name, mediaType: 'image/png' };
    expect(world.control.sendFile({ conversationId, ...file }).content).toMatchObject({
      altText: `${'x'.repeat(127)}🎪`,
    });
  });

  it('sends a place', async () => {
    world.control.sendLocation({ conversationId, lat: 52.5, long: 13.4, name: 'Shop' });
    const content = {
      type: 'location',
      coordinates: { lat: 52.5, long: 13.4 },
      location: { name: 'Shop' },
      text: 'Location shared:\nhttps://maps.google.com/maps?q=52.5,13.4',
    };
    expect((await lastEvent())?.payload.message).toMatchObject({ content });
    expect(await lastListed()).toMatchObject({ content });
  });

  it('sends what the widget does not show, with metadata', async () => {
    const metadata = { page: 'tents' };
    world.control.sendCustomerMessage({ conversationId, text: 'start', metadata, isHidden: true });
    expect((await lastEvent())?.payload.message).toMatchObject({
      metadata,
      content: { type: 'text', text: 'start' },
    });
  });

  it('starts and stops typing, and stops by sending', async () => {
    world.control.setTyping(conversationId, true);
    world.control.setTyping(conversationId, true);
    world.control.setTyping(conversationId, false);
    world.control.setTyping(conversationId, true);
    world.control.sendCustomerMessage({ conversationId, text: 'Hello' });
    const events = await world.events();
    expect(events.slice(1).map(({ type, payload }) => [type, payload['activity']])).toMatchObject([
      ['conversation:typing', { type: 'typing:start', author: { type: 'user' } }],
      ['conversation:typing', { type: 'typing:stop' }],
      ['conversation:typing', { type: 'typing:start' }],
      ['conversation:typing', { type: 'typing:stop' }],
      ['conversation:message', undefined],
    ]);
  });

  it.each(['customer', 'conversation'])('has stopped typing when the %s is gone', async (gone) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    world.control.setTyping(conversationId, true);
    if (gone === 'customer') world.control.removeUser(userId);
    else world.control.removeConversation(conversationId);
    expect(() => vi.advanceTimersByTime(10_000)).not.toThrow();
    vi.useRealTimers();
    const told = (await types()).filter((type) => type === 'conversation:typing');
    expect(told).toHaveLength(1);
  });

  it('reads', async () => {
    world.control.markRead(conversationId);
    expect(await lastEvent()).toMatchObject({
      type: 'conversation:read',
      payload: { activity: { type: 'conversation:read', source: { type: 'web' } } },
    });
  });

  describe('ending the session', () => {
    const active = () => world.control.conversation(conversationId).activeSwitchboardIntegration;

    it('leaves a line of the system, and control where it was', async () => {
      world.control.endSession(conversationId);
      const message = {
        activity: { type: 'conversation:endedByUser' },
        author: { type: 'business', subtypes: ['activity'] },
        content: { type: 'text', text: 'Customer ended the conversation' },
      };
      expect(await lastEvent()).toMatchObject({
        type: 'conversation:message',
        payload: { message },
      });
      expect(await lastListed()).toMatchObject(message);
      expect(active()?.integrationType).toBe(CLIENT_ID);
      expect(
        (await bot.call('POST', `/conversations/${conversationId}/releaseControl`)).status,
      ).toBe(200);
      expect(active()).toBeUndefined();
    });

    it('releases control where the account leaves that to Zendesk', async () => {
      world.control.setControlSetting('acme', 'release');
      world.control.endSession(conversationId);
      expect(active()).toBeUndefined();
      expect((await types()).slice(-2)).toEqual([
        'conversation:message',
        'switchboard:releaseControl',
      ]);
    });

    it.each<[string, () => unknown]>([
      ['words', () => world.control.sendCustomerMessage({ conversationId, text: 'Again' })],
      ['button', () => world.control.sendPostback({ conversationId, payload: 'AGAIN' })],
      [
        'message posted in their name',
        () =>
          bot.call('POST', `/conversations/${conversationId}/messages`, {
            author: { type: 'user', userExternalId: 'regular' },
            content: { type: 'text', text: 'Again' },
          }),
      ],
    ])('lets the next %s begin a new one with the bot', async (_name, act) => {
      world.control.setControlSetting('acme', 'release');
      world.control.endSession(conversationId);
      await act();
      expect(active()?.integrationType).toBe(CLIENT_ID);
      expect((await lastEvent())?.payload.conversation).toHaveProperty(
        'activeSwitchboardIntegration.integrationType',
        CLIENT_ID,
      );
    });
  });
});
