import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DETAILS, startPortal } from './support/start-portal.ts';

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
    await owner.step('details', { ...DETAILS, name: 'Half an app' });
    await before.close();
    expect(await readFile(snapshotFile, 'utf8')).not.toContain(app.clientSecret);

    const after = await startPortal({ snapshotFile });
    const again = await after.signIn('Zocks Owner');
    expect((await again.open('/portal/apps')).html).toContain('Meeting Notes');
    expect((await again.open('/portal/apps/new/details')).html).toContain('Half an app');
    expect((await after.getMe(tokens.access_token)).status).toBe(200);
    expect((await after.exchange(app, await after.obtainCode(app.clientId))).status).toBe(200);
    await after.close();
  });

  it('from before there was a portal has its apps in the portal', async () => {
    const app = { clientId: 'old-app', clientSecret: 'old-secret', name: 'Old Notes' };
    const bot = { clientId: 'old-bot', clientSecret: 'bot-secret', name: 'Old Bot' };
    const redirectUris = ['http://localhost/callback'];
    const nothing = { installations: [], tokens: [], webhooks: [], users: [] };
    await writeFile(
      snapshotFile,
      JSON.stringify({
        ...nothing,
        clients: [{ ...bot, redirectUris }],
        accounts: [],
        conversations: [],
        messages: [],
        zocks: {
          apps: [{ ...app, redirectUris, scopes: ['profile'] }],
          tokens: { grants: [], accessTokens: [] },
        },
      }),
    );
    const world = await startPortal({ snapshotFile });
    const tokens = await world.connect(app);
    expect((await world.getMe(tokens.access_token)).status).toBe(200);
    expect(world.control.install({ account: 'acme', clientId: 'old-bot' })).toMatch(/^ey/);
    const owner = await world.signIn('Zocks Owner');
    expect((await owner.open('/portal/apps')).html).toContain('Old Bot');
    await world.close();
    expect(await readFile(snapshotFile, 'utf8')).not.toContain('old-secret');
  });
});
