import { expect, it, vi } from 'vitest';
import type { OnStart } from '../../server/runtime/types.ts';
import { openChat } from '../support/open-chat.ts';
import { waitUntil } from '../support/wait-until.ts';

const advertised = { source: 'ADS', type: 'OPEN-THREAD', adId: '4216212847577' };

it('onStart learns which campaign, link or ad opened the conversation', async () => {
  const onStart = vi.fn<OnStart>(async () => {});
  const { zendesk, shop } = await openChat({ onStart });
  zendesk.createConversation({
    account: 'acme',
    reason: 'proactiveMessaging',
    campaignId: 'summer',
  });
  zendesk.createConversation({
    account: 'acme',
    referral: { code: 'spring', details: advertised },
  });
  await waitUntil('all three are greeted', () => onStart.mock.calls.length === 3);
  const told = onStart.mock.calls.map(([{ reason, campaign, referral }]) => ({
    reason,
    campaign,
    referral,
  }));
  expect(told).toHaveLength(3);
  expect(told).toEqual(
    expect.arrayContaining([
      { reason: 'startConversation' },
      { reason: 'proactiveMessaging', campaign: 'summer' },
      { reason: 'startConversation', referral: { code: 'spring', details: advertised } },
    ]),
  );
  await shop.close();
});
