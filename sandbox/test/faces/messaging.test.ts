import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../../../test/support/browser/browser.ts';
import { MESSENGER, startChat } from '../support/start-chat.ts';
import { startWorld, type World } from '../support/start-world.ts';

const PAGE = '/accounts/acme/admin/channels/messaging';

describe('Admin Center › Messaging', () => {
  let world: World;
  let admin: ReturnType<typeof createBrowser>;

  beforeEach(async () => {
    world = await startWorld();
    world.installListening();
    admin = createBrowser(world.url);
  });

  afterEach(() => world.close());

  const account = (slug: string) => world.control.accounts().find((one) => one.slug === slug);

  it('switches for one account who reads files, who ends chats and what becomes of control', async () => {
    const page = await admin.send(PAGE, { controlSetting: 'release' });
    expect(page.status).toBe(200);
    expect(page.text).toMatch(/value="release" checked/);
    expect(account('acme')).toMatchObject({
      hasPrivateAttachments: false,
      customersMayEnd: false,
      controlSetting: 'release',
    });
    expect(account('bloom')).toMatchObject({
      hasPrivateAttachments: true,
      customersMayEnd: true,
      controlSetting: 'conversational',
    });
    const all = { privateAttachments: 'on', customersMayEnd: 'on', controlSetting: 'release' };
    await admin.send(PAGE, all);
    expect(account('acme')).toMatchObject({ hasPrivateAttachments: true, customersMayEnd: true });
  });

  it('takes the button away from customers who may not end a chat', async () => {
    const { customer } = await startChat(world);
    expect((await customer.get(MESSENGER)).text).toContain('End chat');
    await admin.send(PAGE, { controlSetting: 'conversational' });
    expect((await customer.get(MESSENGER)).text).not.toContain('End chat');
    expect((await customer.send(`${MESSENGER}/end`)).status).toBe(403);
  });

  it('releases control at the end of a chat where the account says so', async () => {
    const { customer, conversationId } = await startChat(world);
    await admin.send(PAGE, { customersMayEnd: 'on', controlSetting: 'release' });
    const page = await customer.send(`${MESSENGER}/end`);
    expect(page.text).toContain('This conversation has ended.');
    expect(world.control.conversation(conversationId)).not.toHaveProperty(
      'activeSwitchboardIntegration',
    );
  });

  it.each([
    [{}, 'Choose what happens to control'],
    [{ controlSetting: 'x' }, 'Choose what happens to control'],
    [{ controlSetting: 'release', customersMayEnd: 'x' }, 'A box is ticked or it is not.'],
  ])('refuses %o and changes nothing', async (fields, why) => {
    const page = await admin.send(PAGE, fields);
    expect(page.status).toBe(400);
    expect(page.text).toContain(why);
    expect(account('acme')).toMatchObject({
      customersMayEnd: true,
      controlSetting: 'conversational',
    });
    expect((await admin.send('/accounts/nobody/admin/channels/messaging', fields)).status).toBe(
      404,
    );
  });
});
