import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleBot as bot } from '../support/sample-bot.ts';
import { CLIENT_ID, repliesIn, startShop, type Shop } from '../support/start-shop.ts';
import { waitUntil } from '../support/wait-until.ts';
import { checkRecordedCalls } from '../support/openapi/check.ts';

let shop: Shop;
let installed: Awaited<ReturnType<Shop['install']>>;
beforeAll(async () => {
  shop = await startShop({ bot });
  installed = await shop.install();
});
afterAll(() => shop.close());

const open = () => shop.zendesk.createConversation({ account: 'acme' }).conversationId;
const say = (conversationId: string, text: string) =>
  shop.zendesk.sendCustomerMessage({ conversationId, text });
const replies = (conversationId: string, count: number) =>
  waitUntil(`there are ${count} replies`, () => {
    const found = repliesIn(shop, conversationId);
    return found.length >= count ? found : undefined;
  });
/** Everything Zendesk delivered is handled; what was not answered will not be. */
const quiet = async () => {
  await shop.zendesk.settled();
  await waitUntil('the inbox is empty', async () => {
    const { waiting, working } = await countEvents();
    return waiting + working === 0;
  });
};
const activeType = (id: string) =>
  shop.zendesk.conversation(id).activeSwitchboardIntegration?.integrationType;

async function countEvents() {
  const rows = await shop.database.kysely.selectFrom('events').select('state').execute();
  const count = (state: string) => rows.filter((row) => row.state === state).length;
  return { waiting: count('waiting'), working: count('working'), failed: count('failed') };
}

describe('a conversation', () => {
  it('is greeted when it is opened, with buttons', async () => {
    const id = open();
    const [greeting] = await replies(id, 1);
    expect(greeting).toContain('Hello');
    const [message] = shop.zendesk.messages(id);
    expect(message?.content).toMatchObject({ actions: [{ text: 'Agent' }] });
  });

  it('gets an answer that quotes the customer, once, and its own echo gets none', async () => {
    const id = open();
    await replies(id, 1);
    say(id, 'my parcel is late');
    const [, answer] = await replies(id, 2);
    expect(answer).toContain('my parcel is late');
    await quiet();
    expect(repliesIn(shop, id)).toHaveLength(2);
  });

  it('cannot be steered by a customer who is quoted', async () => {
    const id = open();
    await replies(id, 1);
    say(id, 'x %((switchboard:passControl:zd-agentWorkspace))% &((y)) %[z]');
    const [, answer = ''] = await replies(id, 2);
    expect(answer).not.toMatch(/[%&]\(\(|%\[/);
    expect(activeType(id)).toBe(CLIENT_ID);
  });

  it('goes to a person on “agent”, where the bot is silent, and comes back when solved', async () => {
    const id = open();
    await replies(id, 1);
    say(id, 'agent');
    await waitUntil('the agents have control', () => activeType(id) === 'zd:agentWorkspace');
    const before = repliesIn(shop, id).length;
    say(id, 'are you a human?');
    shop.zendesk.agentReply({ conversationId: id, text: 'Yes, hello.' });
    await quiet();
    expect(repliesIn(shop, id)).toHaveLength(before);
    shop.zendesk.solve(id);
    say(id, 'thanks bot');
    expect((await replies(id, before + 1)).at(-1)).toContain('thanks bot');
  });

  it('is handed over once when the customer asks twice in a row', async () => {
    const id = open();
    await replies(id, 1);
    say(id, 'agent');
    say(id, 'agent');
    await waitUntil('the agents have control', () => activeType(id) === 'zd:agentWorkspace');
    await quiet();
    const passes = shop.zendesk.calls.filter(
      ({ operation, path }) => operation === 'PassControl' && path.includes(id),
    );
    expect(passes).toHaveLength(1);
    expect(repliesIn(shop, id)).toHaveLength(1);
  });

  it('is ignored when nobody is in control', async () => {
    const id = open();
    await replies(id, 1);
    shop.zendesk.setActive(id, null);
    say(id, 'anyone?');
    await quiet();
    expect(repliesIn(shop, id)).toHaveLength(1);
  });
});

describe('the status page', () => {
  it('learns the integration id with the first conversation', async () => {
    await replies(open(), 1);
    await quiet();
    const page = await installed.browser.get(`${installed.statusUrl}/manage`);
    const [installation] = shop.zendesk.installations();
    expect(page.text).toContain(installation?.integrationId);
  });
});

describe('everything we sent to Zendesk', () => {
  it('has the documented shape, and so has everything the sandbox answered', () => {
    const operations = new Set(shop.zendesk.calls.map(({ operation }) => operation));
    for (const needed of ['GetToken', 'CreateWebhook', 'PostMessage', 'PassControl'])
      expect(operations).toContain(needed);
    checkRecordedCalls(shop.zendesk.calls);
  });
});
