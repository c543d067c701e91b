import { afterEach, describe, expect, it } from 'vitest';
import type { Profile } from '../../../server/runtime/types.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';

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
});
