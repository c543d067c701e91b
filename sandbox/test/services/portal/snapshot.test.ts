import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DETAILS, REDIRECT_URI, startPortal } from './support/start-portal.ts';

describe('the snapshot of the Apps portal', () => {
  let folder: string;
  let snapshotFile: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portal-'));
    snapshotFile = join(folder, 'sandbox.json');
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('brings apps, drafts and tokens back, and holds no client secret', async () => {
    const before = await startPortal({ snapshotFile });
    const owner = await before.signIn('Zocks Owner');
    const app = await before.createEnabledApp(owner);
    const tokens = await before.connect(app);
    await owner.step('details', { ...DETAILS, platform: 'zendesk', name: 'Corner Bot' });
    await owner.step('redirect-uris', { redirectUri: REDIRECT_URI });
    await owner.step('marketplace', { testAccount: 'acme' });
    await owner.step('details', { ...DETAILS, platform: 'zendesk', name: 'Half an app' });
    await before.close();
    expect(await readFile(snapshotFile, 'utf8')).not.toContain(app.clientSecret);

    const after = await startPortal({ snapshotFile });
    const again = await after.signIn('Zocks Owner');
    const apps = await again.open('/portal/apps');
    for (const name of ['Meeting Notes', 'Corner Bot']) expect(apps.text).toContain(name);
    const bot = /href="([^"]+)"[^>]*>Corner Bot/.exec(apps.text)?.[1] ?? '';
    expect((await again.open(bot)).text).toContain('only its test account, <bdi>Acme Outdoor');
    const draft = await again.open('/portal/apps/new/details');
    expect(draft.text).toContain('Half an app');
    expect(draft.text).toContain('value="zendesk" checked');
    expect((await after.getMe(tokens.access_token)).status).toBe(200);
    expect((await after.exchange(app, await after.obtainCode(app.clientId))).status).toBe(200);
    await after.close();
  });
});
