import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Service } from '../../src/services/service.ts';
import { services } from '../../src/services.ts';
import { startSandbox } from '../../src/start-sandbox.ts';
import { createBrowser } from '../../../test/support/browser/browser.ts';
import { CLIENT_ID, startWorld } from '../support/start-world.ts';

const NONE: readonly Service[] = [];
const LINK = /href="\/(zoom|zocks|portal)\b/;

const closings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).toReversed()) await close();
});

async function start(options: Parameters<typeof startSandbox>[0]) {
  const sandbox = await startSandbox(options);
  closings.push(() => sandbox.close());
  return sandbox;
}

describe('Zendesk without the services beside it', () => {
  it('shows no link to them on any page, and has no page of theirs', async () => {
    const world = await startSandbox({ port: 0, services: NONE });
    closings.push(() => world.close());
    const redirectUris = ['http://localhost/oauth'];
    world.registerClient({ clientId: 'bot', clientSecret: 's', name: 'Bot', redirectUris });
    world.control.install({ account: 'acme', clientId: 'bot' });
    const browser = createBrowser(world.url);
    for (const path of [
      '/',
      '/faults',
      '/accounts/acme/messenger',
      '/accounts/acme/agent',
      '/accounts/acme/admin/ai/ai-agents/ai-agents/marketplace-bots',
      '/accounts/acme/admin/customers',
      '/sc/oauth/authorize?response_type=code&client_id=bot',
    ]) {
      const { status, text: html } = await browser.get(path);
      expect([path, status]).toEqual([path, 200]);
      expect(html).not.toMatch(LINK);
      expect(html).not.toMatch(/Zoom|Zocks/);
    }
    for (const { name } of services) expect((await browser.get(`/${name}`)).status).toBe(404);
  });

  it('shows a link to each of them when they are there', async () => {
    const { url } = await start({ port: 0 });
    const { text: html } = await createBrowser(url).open('/');
    for (const { name } of services) expect(html).toContain(`href="/${name}"`);
  });

  it('knows no fault of theirs', async () => {
    const world = await startSandbox({ port: 0, services: NONE });
    closings.push(() => world.close());
    const arm = (operation: string) => world.control.armFault({ kind: 'hang', operation });
    expect(() => arm('GetToken')).not.toThrow();
    expect(() => arm('ZoomToken')).toThrow('operation');
  });
});

describe('a service that stands on another', () => {
  it('says which one the list lacks', async () => {
    const portal = services.filter(({ name }) => name === 'portal');
    await expect(startSandbox({ port: 0, services: portal })).rejects.toThrow('lacks zocks');
  });
});

describe('the part of a service in the snapshot', () => {
  it.each(services.map(({ name }) => name))(
    'does not stop the start when that of %s cannot be read',
    async (name) => {
      const folder = await mkdtemp(join(tmpdir(), 'services-'));
      closings.push(() => rm(folder, { recursive: true }));
      const snapshotFile = join(folder, 'sandbox.json');
      const before = await startWorld({ snapshotFile });
      before.install();
      await before.close();
      const kept: object = JSON.parse(await readFile(snapshotFile, 'utf8'));
      await writeFile(snapshotFile, JSON.stringify({ ...kept, [name]: { apps: 'none' } }));

      const lines: string[] = [];
      const world = await startWorld({ snapshotFile, log: (line) => lines.push(line) });
      closings.push(() => world.close());
      expect(lines.join()).toContain('was set aside');
      expect(world.control.installations()).toEqual([]);
      expect(await readdir(folder)).toHaveLength(1);
      expect(world.control.install({ account: 'acme', clientId: CLIENT_ID })).toMatch(/^ey/);
    },
  );
});
