import { installationOwner, WEBHOOK_SECRET } from '../../server/store/secrets/secrets.ts';
import { startShop, type ShopOptions } from './start-shop.ts';

/** An installed shop, seen from where Zendesk's deliveries come from. */
export async function openHook(options: ShopOptions = {}) {
  const shop = await startShop(options);
  const { id } = await shop.install();
  const key = (await shop.stores.secrets.get(installationOwner(id), WEBHOOK_SECRET)) ?? '';
  const url = `${shop.url}/webhooks/${id}`;
  return {
    shop,
    id,
    url,
    key,

    /** Posts a body as it is, with the right key unless another one (or none) is given. */
    post: (
      body: string,
      { to = url, apiKey = key }: { to?: string; apiKey?: string | null } = {},
    ) =>
      fetch(to, {
        method: 'POST',
        body,
        headers: {
          'Content-Type': 'application/json',
          ...(apiKey === null ? {} : { 'X-API-Key': apiKey }),
        },
      }),

    stored: () => shop.database.kysely.selectFrom('events').selectAll().orderBy('seq').execute(),
  };
}

export type Hook = Awaited<ReturnType<typeof openHook>>;

/** A delivery of events that nobody has to answer: an agent wrote them. */
export function deliveryOf(eventIds: string[], text = 'Hi'): string {
  const events = eventIds.map((id) => ({
    id,
    type: 'conversation:message',
    payload: {
      conversation: { id: 'conversation' },
      message: { id, author: { type: 'business' }, content: { type: 'text', text } },
    },
  }));
  return JSON.stringify({ app: { id: 'app' }, webhook: { id: 'hook', version: 'v2' }, events });
}
