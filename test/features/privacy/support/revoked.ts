import { expect } from 'vitest';
import { CLIENT_ID } from '../../../support/start-shop.ts';
import { waitUntil } from '../../../support/wait-until.ts';
import type { Promises } from './kept.ts';
import { expectOneLine } from './removed.ts';
import { DAY_MS, MINUTE_MS, type Stage } from './stage.ts';

async function removeAtZendesk(stage: Stage): Promise<void> {
  stage.shop.zendesk.removeInstallation({ account: 'acme', clientId: CLIENT_ID });
  await waitUntil('it is noticed', async () => {
    stage.clock.advance(1_000);
    const found = await stage.shop.stores.installations.find(stage.id);
    return found === undefined || found.status === 'revoked';
  });
}

/** What goes when the bot was removed at Zendesk. */
export const revoked: Promises = {
  'Removing the bot in Zendesk deletes everything above as soon as Zendesk says so.': async (
    stage,
  ) => {
    await stage.say('a private matter');
    await removeAtZendesk(stage);
    await stage.expectGone('a private matter', '"acme"');
    await expectOneLine(stage);
  },

  'Should Zendesk not say so, what customers wrote is deleted when we notice, connected services are left alone from then on, and everything else is deleted 30 days later.':
    async (stage) => {
      await stage.say('a private matter');
      stage.shop.zendesk.armFault({ kind: 'loseRemoveCallback' });
      stage.shop.zendesk.removeInstallation({ account: 'acme', clientId: CLIENT_ID });
      // What Zendesk said of the webhooks is believed for some seconds.
      stage.clock.advance(MINUTE_MS);
      await stage.browser.get(stage.statusUrl);
      await waitUntil('it is noticed', async () => {
        stage.clock.advance(1_000);
        return (await stage.shop.stores.installations.find(stage.id))?.status === 'revoked';
      });
      await waitUntil(
        'what was written is deleted',
        async () => !(await stage.readAll()).includes('a private matter'),
      );
      await stage.laterBy(30 * DAY_MS - MINUTE_MS);
      expect(await stage.readAll()).toContain('"acme"');
      await stage.laterBy(2 * MINUTE_MS);
      await waitUntil(
        'everything is deleted',
        async () => !(await stage.readAll()).includes('"acme"'),
      );
      await expectOneLine(stage);
    },
};
