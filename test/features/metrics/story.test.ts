import { afterEach, describe, expect, it } from 'vitest';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { deliveryOf, openHook, type Hook } from '../../support/open-hook.ts';
import { readMetrics } from '../../support/read-metrics.ts';
import { waitUntil } from '../../support/wait-until.ts';

describe('the metrics of a conversation', () => {
  let chat: Chat;
  afterEach(() => chat.shop.close());

  it('tell what was received, answered and called', async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('Yes?') });
    await chat.say();

    const metrics = await waitUntil('the echo of the answer came back', async () => {
      const read = await readMetrics(chat.shop.url);
      return read.valueOf('shopkeeper_events_received_total{state="ignored"}') === 1 && read;
    });
    expect(metrics.valueOf('shopkeeper_deliveries_total{status="200"}')).toBeGreaterThanOrEqual(2);
    expect(metrics.valueOf('shopkeeper_event_attempts_total{state="done"}')).toBe(2);
    expect(metrics.valueOf('shopkeeper_event_attempts_total{state="failed"}')).toBe(0);
    expect(metrics.valueOf('shopkeeper_reply_seconds_count')).toBe(2);
    expect(metrics.valueOf('shopkeeper_reply_seconds_sum')).toBeLessThan(30);
    expect(metrics.valueOf('shopkeeper_installations{status="active"}')).toBe(1);
    const zendesk = (operation: string, status: string) =>
      metrics.valueOf(
        `shopkeeper_outgoing_calls_total{service="zendesk",operation="${operation}",status="${status}"}`,
      );
    expect(zendesk('GetToken', '200')).toBe(1);
    expect(zendesk('CreateWebhook', '201')).toBe(1);
    expect(zendesk('PostMessage', '201')).toBe(1);
    const timed = `shopkeeper_outgoing_call_seconds_count{service="zendesk",operation="PostMessage"}`;
    expect(metrics.valueOf(timed)).toBe(1);
  });

  it('do not count as answered what nobody waits for an answer to', async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('Yes?') });
    await chat.say();
    const count = async () =>
      (await readMetrics(chat.shop.url)).valueOf('shopkeeper_reply_seconds_count');
    await waitUntil('both are counted', async () => (await count()) === 2);
    const messageId = chat.zendesk.messages(chat.conversationId).at(-1)?.id;
    const failure = 'conversation:message:delivery:failure';
    const failed = await chat.tell(failure, { message: { id: messageId } });
    expect(failed).toMatchObject({ state: 'done' });
    expect(await chat.tell('conversation:remove')).toMatchObject({ state: 'done' });
    expect(await count()).toBe(2);
  });

  it('tell retries, refusals and calls without an answer', async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('Yes?') });
    chat.zendesk.armFault({ kind: 'dropAnswer', operation: 'PostMessage' });
    await chat.say();
    const metrics = await readMetrics(chat.shop.url);

    expect(metrics.valueOf('shopkeeper_event_attempts_total{state="waiting"}')).toBe(1);
    expect(
      metrics.valueOf(
        'shopkeeper_outgoing_calls_total{service="zendesk",operation="PostMessage",status="none"}',
      ),
    ).toBe(1);
  });
});

describe('the metrics of the receiver', () => {
  let hook: Hook;
  afterEach(() => hook.shop.close());

  it('count every delivery under the status it was answered with', async () => {
    hook = await openHook();
    await hook.post(deliveryOf(['1', '2']));
    await hook.post(deliveryOf(['3']), { apiKey: 'wrong' });
    await hook.post(deliveryOf(['4']), { to: `${hook.shop.url}/webhooks/unknown` });
    await hook.post('{');
    const { valueOf } = await readMetrics(hook.shop.url);

    const counted = [200, 400, 401, 404].map((status) =>
      valueOf(`shopkeeper_deliveries_total{status="${status}"}`),
    );
    expect(counted).toEqual([1, 1, 1, 1]);
    expect(valueOf('shopkeeper_events_received_total{state="ignored"}')).toBe(2);
  });
});
