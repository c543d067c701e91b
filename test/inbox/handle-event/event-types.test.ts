import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Feature } from '../../../server/features/feature.ts';
import { features } from '../../../server/features.ts';
import { zendeskJob } from '../../../server/features/shared/zendesk-job.ts';
import type { StoredEvent } from '../../../server/store/schema.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { waitUntil } from '../../support/wait-until.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

const Updated = z.object({ user: z.object({ id: z.string() }) });
const user = { id: 'jane', profile: { givenName: 'Jane' } };

/** A feature that hears of changed customers. */
function crm(hear: (id: string) => void): Feature {
  return {
    name: 'crm',
    eventTypes: {
      'user:update': zendeskJob(
        'A customer was changed',
        Updated,
        async (_core, event, payload) => {
          hear(payload.user.id);
          return { event, state: 'done', note: 'Heard.' };
        },
      ),
    },
  };
}

describe('an event of Zendesk’s that a feature takes care of', () => {
  const heard: string[] = [];
  const open = async (feature: Feature) => {
    heard.length = 0;
    chat = await openChat({}, { features: [...features, feature], worker: { pollMs: 20 } });
  };

  it('is subscribed to, and run with what is read of it and nothing else', async () => {
    await open(crm((id) => void heard.push(id)));
    expect(chat.zendesk.installations()[0]?.webhooks[0]?.triggers).toContain('user:update');
    const stored = await chat.tell('user:update', { user });
    expect(stored).toMatchObject({ state: 'done', note: 'Heard.' });
    expect(stored.payload).not.toContain('Jane');
    expect(heard).toEqual(['jane']);
  });

  it('is left alone without the feature', async () => {
    chat = await openChat({});
    expect(chat.zendesk.installations()[0]?.webhooks[0]?.triggers).not.toContain('user:update');
    const stored = await chat.tell('user:update', { user });
    expect(stored).toMatchObject({ state: 'ignored', payload: null });
  });

  it('is run again when that failed', async () => {
    await open(
      crm((id) => {
        heard.push(id);
        if (heard.length === 1) throw new Error('Not now.');
      }),
    );
    expect(await chat.tell('user:update', { user })).toMatchObject({ state: 'done', attempts: 2 });
  });

  it('fails when it has not the shape that is read of it', async () => {
    await open(crm((id) => void heard.push(id)));
    const stored = await chat.tell('user:update', { user: 'Jane' });
    expect(stored).toMatchObject({ state: 'failed', note: expect.stringContaining('shape') });
    expect(heard).toEqual([]);
  });

  it('is run also for an account that has left', async () => {
    await open(crm((id) => void heard.push(id)));
    await chat.shop.stores.installations.setStatus(chat.installationId, ['active'], 'revoked');
    await chat.shop.database.kysely
      .insertInto('events')
      .values({
        installation_id: chat.installationId,
        event_id: 'one',
        type: 'user:update',
        conversation_key: `${chat.installationId}/one`,
        payload: JSON.stringify({ payload: { user } }),
        state: 'waiting',
        attempts: 0,
        attempts_allowed: 8,
        run_at: 0,
        received_at: 0,
      })
      .execute();
    await waitUntil('it is heard', () => heard.length === 1);
  });
});

describe('an event that a feature refuses', () => {
  const asked: (StoredEvent | undefined)[] = [];
  /** @param when asked at the receipt, or of what is stored. */
  const refusing = (when: 'receipt' | 'attempt'): Feature => ({
    name: 'refusing',
    open: () => ({
      async refuse(_installation, event, stored) {
        if (!JSON.stringify(event).includes('spam')) return undefined;
        asked.push(stored);
        const isWhen = (stored === undefined) === (when === 'receipt');
        return isWhen ? 'It is spam.' : undefined;
      },
    }),
  });
  const open = async (when: 'receipt' | 'attempt') => {
    asked.length = 0;
    const bot = { onMessage: ({ reply }) => reply('Yes?') } satisfies Parameters<
      typeof openChat
    >[0];
    chat = await openChat(bot, { features: [...features, refusing(when)] });
  };

  it('at its receipt is acknowledged and not stored, and the next one is answered', async () => {
    await open('receipt');
    chat.zendesk.sendCustomerMessage({ conversationId: chat.conversationId, text: 'spam' });
    await waitUntil('it was asked about', () => asked.length > 0);
    await chat.zendesk.settled();
    expect(await chat.say('Hello?')).toMatchObject({ state: 'done' });
    const events = await chat.shop.database.kysely.selectFrom('events').select('payload').execute();
    expect(JSON.stringify(events)).not.toContain('spam');
    expect(chat.replies()).toEqual(['Yes?']);
  });

  it('before it is handled is left alone, with the reason', async () => {
    await open('attempt');
    const stored = await chat.say('spam');
    expect(stored).toMatchObject({ state: 'ignored', note: 'It is spam.', payload: null });
    expect(asked.map((one) => one?.event_id)).toEqual([undefined, stored.event_id]);
    expect(chat.replies()).toEqual([]);
  });
});
