import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { messageOf } from '../../../server/errors.ts';
import type { Bot, Profile } from '../../../server/runtime/types.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { waitUntil } from '../../support/wait-until.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

describe('the customer of a message', () => {
  it('has a profile that is asked for once an attempt, and anew after a change', async () => {
    const seen: Profile[] = [];
    chat = await openChat({
      async onMessage({ customer }) {
        seen.push(await customer.profile(), await customer.profile());
        await customer.update({
          profile: { givenName: 'Jane', surname: 'Doe', locale: 'fr-CA', email: undefined },
          metadata: { plan: 'gold' },
        });
        seen.push(await customer.profile());
      },
    });
    expect(await chat.say()).toMatchObject({ state: 'done' });
    expect(chat.callsOf('GetUser')).toHaveLength(2);
    expect(seen[2]).toMatchObject({
      givenName: 'Jane',
      surname: 'Doe',
      name: 'Jane Doe',
      locale: 'fr-CA',
      metadata: { plan: 'gold' },
    });
    expect(seen[2]?.id).toBe(seen[0]?.id);
  });

  it('is not changed by a handler whose time is over', async () => {
    let problem: unknown;
    const bot: Partial<Bot> = {
      async onMessage({ customer, event: { signal } }) {
        await once(signal, 'abort');
        problem ??= await customer.update({ metadata: { late: true } }).catch(messageOf);
      },
    };
    chat = await openChat(bot, { worker: { handlerMs: 50 } });
    chat.zendesk.sendCustomerMessage({ conversationId: chat.conversationId, text: 'Hello?' });
    await waitUntil('the handler went on', () => problem !== undefined);
    expect(problem).toContain('took longer');
    expect(chat.callsOf('UpdateUser')).toEqual([]);
  });
});
