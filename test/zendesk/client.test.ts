import { describe, expect, it } from 'vitest';
import { marketplaceHeaders } from '../../server/zendesk/connect.ts';

describe('the marketplace headers', () => {
  it('are the three that bots send', () => {
    expect(marketplaceHeaders({ name: 'Shop', organizationId: '42', botId: '7' })).toEqual({
      'X-Zendesk-Marketplace-Name': 'Shop',
      'X-Zendesk-Marketplace-Organization-Id': '42',
      'X-Zendesk-Marketplace-Bot-Id': '7',
    });
  });

  it('leave out what is not known before the bot is submitted', () => {
    expect(marketplaceHeaders({ name: 'Shop', organizationId: undefined })).toEqual({
      'X-Zendesk-Marketplace-Name': 'Shop',
    });
  });
});
