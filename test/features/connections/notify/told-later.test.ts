import { afterEach, beforeEach, expect, it } from 'vitest';
import { waitUntil } from '../../../support/wait-until.ts';
import { openMailbox } from '../support/alert-receivers.ts';
import { openAccount, variablesOfSandbox, type Account } from '../support/open-account.ts';

let account: Account;
let mailbox: Awaited<ReturnType<typeof openMailbox>>;
let late = 0;
beforeEach(async () => {
  mailbox = await openMailbox();
  account = await openAccount({
    now: () => Date.now() + late,
    variables: (url) => ({
      ...variablesOfSandbox(url),
      SMTP_URL: mailbox.url,
      ALERT_MAIL_FROM: 'bot@example.com',
      ALERT_MAIL_TO: 'ops@example.com, sales@example.com',
    }),
  });
});
afterEach(async () => {
  await account.close();
  mailbox.close();
});

const readLeft = () =>
  account.shop.database.kysely.selectFrom('connection_notices').selectAll().execute();

it('who cannot be told by e-mail for now is told later, and nobody else again', async () => {
  mailbox.busy.push('sales@example.com');
  await account.connect();
  account.zoom.killRefreshToken(account.firstUser.id);
  account.zoom.expireAccessTokens();
  await account.press('Sales', '/test');
  await waitUntil('it waits for another try', async () => {
    const [row] = await readLeft();
    return row?.body.includes('"left":["sales@example.com"]') === true;
  });
  mailbox.busy.length = 0;
  late = 6_000;
  await waitUntil('nothing is left to tell', async () => (await readLeft()).length === 0);
  const told = mailbox.messages.map(({ to }) => to);
  expect(told).toEqual([['ops@example.com'], ['sales@example.com']]);
  const ids = mailbox.messages.map(({ text }) => /^Message-ID: .*/im.exec(text)?.[0]);
  expect(ids[1]).toBe(ids[0]);
});
