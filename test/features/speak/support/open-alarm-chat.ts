import type { Bot, OnMessage, Tools } from '../../../../server/runtime/types.ts';
import type { Engine } from '../../../../server/store/engines/database.ts';
import { createClock } from '../../../support/clock.ts';
import { openChat } from '../../../support/open-chat.ts';
import { CLIENT_ID } from '../../../support/start-shop.ts';
import { waitUntil } from '../../../support/wait-until.ts';

export const HOUR_MS = 60 * 60_000;

/**
 * With any data: which kinds the bot of server/bot tells itself is no business of these tests. A method, because
 * those may take more than they are given by whoever calls them.
 */
export interface AnyWakes {
  wakeAt(
    this: void,
    time: Date | number,
    data: unknown,
    options?: { key?: string | undefined },
  ): Promise<string>;
}
type WithAny<Context> = Omit<Context, 'wakeAt'> & AnyWakes;
export type AnyTools = WithAny<Tools>;
export type AnyOnMessage = (context: WithAny<Parameters<OnMessage>[0]>) => Promise<void>;
interface AnyBot extends Omit<Bot, 'onWake'> {
  onWake: (context: AnyTools & { data: unknown }) => Promise<void>;
}

/** A chat whose bot repeats what it is woken with, and a clock that can be moved. */
export async function openAlarmChat(
  engine: Engine,
  onMessage: AnyOnMessage,
  more: Partial<AnyBot> = {},
) {
  const clock = createClock(Date.now());
  const onWake: AnyBot['onWake'] = ({ data, reply }) => reply(JSON.stringify(data));
  const chat = await openChat({ onMessage, onWake, ...more }, { engine, now: clock.now });
  const { kysely } = chat.shop.database;
  return {
    ...chat,
    clock,
    listWakes: () => kysely.selectFrom('wakes').selectAll().orderBy('seq').execute(),
    write: (text: string) =>
      chat.zendesk.sendCustomerMessage({ conversationId: chat.conversationId, text }),

    /** As another program of the account would. */
    async callZendesk(method: string, path: string, body?: object): Promise<unknown> {
      const [installed] = chat.zendesk.installations();
      const app = `${chat.shop.sandbox.url}/accounts/acme/sc/v2/apps/${installed?.appId}`;
      const response = await fetch(`${app}${path}`, {
        method,
        headers: {
          'Content-Type': 'application/json',
          Authorization: `Bearer ${installed?.accessTokens[0]}`,
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(await response.text());
      return await response.json();
    },

    /** As Zendesk does; returns once it was dealt with. */
    async tell(type: string, payload: object): Promise<void> {
      const event = { id: `told-${type}`, type, createdAt: new Date().toISOString(), payload };
      await chat.zendesk.deliver({ account: 'acme', clientId: CLIENT_ID, events: [event] });
      await waitUntil('it was dealt with', () =>
        kysely
          .selectFrom('events')
          .selectAll()
          .where('event_id', '=', event.id)
          .where('state', '=', 'done')
          .executeTakeFirst(),
      );
    },

    /** The events by which the bot was woken, once so many were dealt with. */
    listWoken: (count: number) =>
      waitUntil(`${count} wakes were dealt with`, async () => {
        const events = await kysely
          .selectFrom('events')
          .selectAll()
          .where('type', '=', 'shopkeeper:wake')
          .where('state', 'in', ['done', 'ignored', 'failed'])
          .orderBy('seq')
          .execute();
        return events.length >= count ? events : undefined;
      }),
  };
}

export type AlarmChat = Awaited<ReturnType<typeof openAlarmChat>>;
