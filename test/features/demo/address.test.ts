import { expect, it } from 'vitest';
import { demoBot } from '../../../server/features/demo/bot.ts';
import { openChat } from '../../support/open-chat.ts';
import { sampleBot } from '../../support/sample-bot.ts';

it('the bot answers “address” with what the account’s admin has set', async () => {
  const chat = await openChat({});
  try {
    const { browser, statusUrl } = await chat.shop.install('acme');
    await chat.say('address');
    const form = await browser.open(`${statusUrl}/settings`);
    await browser.submit(form, '/settings', { address: '2 Hill Road' });
    chat.zendesk.sendCustomerMessage({ conversationId: chat.conversationId, text: 'Address' });
    await expect
      .poll(() => chat.replies())
      .toEqual(['You find us at 1 Market Street, Springfield.', 'You find us at 2 Hill Road.']);
  } finally {
    await chat.shop.close();
  }
});

it('a setting of your bot that is called “address”, too, is yours', () => {
  const address = { kind: 'longText', label: 'Where we are' } as const;
  expect(demoBot({ ...sampleBot, settings: { address } }).settings).toEqual({ address });
});
