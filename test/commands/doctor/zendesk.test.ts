import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultInput } from '@shopkeeper/zendesk-sandbox';
import { complaints, environmentOf, examineWith } from '../../support/examine-shop.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await startShop();
});
afterEach(() => shop.close());

const examine = () => examineWith(environmentOf(shop));

describe('what the doctor hears of Zendesk', () => {
  it.each<FaultInput>([
    { kind: 'html', operation: 'GetTokenInfo', status: 401 },
    { kind: 'proxyJson', operation: 'GetTokenInfo', status: 403 },
    { kind: 'redirect', operation: 'GetTokenInfo' },
    { kind: 'html', operation: 'ListWebhooks', status: 404 },
  ])('does not take what something in between says for Zendesk’s word: %j', async (fault) => {
    await shop.install();
    shop.zendesk.armFault({ ...fault, times: 9 });
    const found = complaints(await examine(), 'installations').join('\n');
    expect(found).toContain('Zendesk gave no usable answer');
    expect(found).not.toContain('no longer accepts');
  });

  it('goes on with the other accounts when Zendesk refuses for one', async () => {
    await shop.install();
    await shop.install('bloom');
    shop.zendesk.armFault({ kind: 'answer', operation: 'ListWebhooks', status: 403 });
    const lines = (await examine()).join('\n');
    expect(lines).toContain('1 of 2 have a valid token and a webhook that points here.');
    expect(lines).toMatch(/webhook: .*: Zendesk refused \(ListWebhooks: status 403/);
  });

  it('tells Zendesk from a firewall before anything is installed', async () => {
    expect((await examine()).join('\n')).toMatch(/zendesk: \S+ answers\./);
    shop.zendesk.armFault({ kind: 'html', operation: 'GetTokenInfo', status: 403 });
    expect(complaints(await examine(), 'zendesk')[0]).toContain('does not answer as Zendesk does');
  });

  it('follows an account that was renamed, and changes nothing', async () => {
    const { id } = await shop.install();
    shop.zendesk.renameAccount({ account: 'acme', subdomain: 'acme-outdoor' });
    expect(complaints(await examine())).toEqual([]);
    expect(await shop.stores.installations.find(id)).toMatchObject({ subdomain: 'acme' });
  });
});
