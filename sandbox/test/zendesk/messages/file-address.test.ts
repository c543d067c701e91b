import { expect, it } from 'vitest';
import { startWorld } from '../../support/start-world.ts';

it.each([
  ['https://shop.example/bill.pdf', 201],
  ['https://shop.example/v1.2/bill', 201],
  ['https://shop.example/download?file=bill.exe', 201],
  ['https://shop.example/terms.html', 400],
  ['https://shop.example/orders.JSON?as=bill.pdf', 400],
  ['no address', 400],
])('a file at %s is answered with %i, by what Zendesk takes', async (mediaUrl, status) => {
  const world = await startWorld();
  const { conversationId } = world.control.createConversation({ account: 'acme' });
  const posted = await world.install().call('POST', `/conversations/${conversationId}/messages`, {
    author: { type: 'business' },
    content: { type: 'file', mediaUrl },
  });
  expect(posted.status).toBe(status);
  await world.close();
});
