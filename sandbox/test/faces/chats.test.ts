import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBrowser } from '../../../test/support/browser/browser.ts';
import { MESSENGER, startChat } from '../support/start-chat.ts';
import { startWorld, type World } from '../support/start-world.ts';

describe('a customer with several conversations', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
    world.installListening();
  });
  afterAll(() => world.close());

  it('goes back to an older one, and what is said there stays there', async () => {
    const { customer, conversationId: first } = await startChat(world);
    await customer.send(`${MESSENGER}/messages`, { text: 'About <tents>' });
    const page = await customer.send(`${MESSENGER}/conversations`);
    expect(page.text).toContain('<bdi>About &lt;tents&gt;</bdi>');
    const older = await customer.get(`${MESSENGER}/chats/${first}`);
    expect(older.text).toContain('There is a newer chat.');
    const said = await customer.submit(older, '/messages', { text: 'And boats' });
    expect(said.url).toMatch(`/chats/${first}`);
    expect(world.control.messages(first)).toHaveLength(2);
    expect((await customer.get(MESSENGER)).text).not.toContain('And boats</p>');
  });

  it('sees none of anybody else', async () => {
    const { conversationId } = await startChat(world);
    const { customer } = await startChat(world);
    const path = `${MESSENGER}/chats/${conversationId}`;
    expect((await customer.get(path)).status).toBe(404);
    expect((await customer.send(`${path}/messages`, { text: 'x' })).status).toBe(404);
    expect((await createBrowser(world.url).get(path)).status).toBe(404);
    expect(world.control.messages(conversationId)).toEqual([]);
  });
});
