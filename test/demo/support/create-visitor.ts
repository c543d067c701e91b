import { createBrowser } from '../../support/browser/browser.ts';
import type { Page } from '../../support/browser/browser.ts';
import { waitUntil } from '../../support/wait-until.ts';
import type { Demo } from './start-demo.ts';

export type Visitor = Awaited<ReturnType<typeof createVisitor>>;

/** A browser that has opened a sandbox of its own, and what its owner does there. */
export async function createVisitor(demo: Demo) {
  const browser = createBrowser(demo.url);
  const home = await browser.submit(await browser.open(demo.url), '/sandboxes');
  const mark = /acme(-[a-z2-7]{16})\.zendesk\.com/.exec(home.text)?.[1];
  if (mark === undefined) throw new Error(`No sandbox: ${home.status} ${home.text}`);
  const messenger = (account: string) => `${demo.url}/accounts/${account}${mark}/messenger`;

  return {
    ...browser,
    /** What ends the names and credentials of this visitor. */
    mark,

    /** Answers the status page of the installation. */
    async install(account = 'acme'): Promise<Page> {
      const callback = await browser.allow(demo.shopUrl, `${account}${mark}`);
      const page = await browser.open(callback);
      if (!/\/installations\/[0-9a-f]{32}$/.test(page.url)) {
        throw new Error(`Not installed: ${page.status} ${page.url}`);
      }
      return page;
    },

    /** Says something as a customer and waits for the bot's answer to it. */
    async chat(text: string, account = 'acme'): Promise<void> {
      const page = await browser.get(messenger(account));
      if (!page.text.includes('name="text"')) {
        await browser.post(`${messenger(account)}/conversations`, {});
      }
      await browser.post(`${messenger(account)}/messages`, { text });
      await waitUntil(`the bot has answered ${text}`, async () =>
        (await browser.get(messenger(account))).text.includes(`You said: “${text}”`),
      );
    },
  };
}
