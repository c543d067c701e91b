import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from '../../support/wait-until.ts';
import { createVisitor } from '../../demo/support/create-visitor.ts';
import type { Visitor } from '../../demo/support/create-visitor.ts';
import {
  startDemo,
  ZOCKS_APP,
  ZOOM_APP,
  ZOOM_SECRET_TOKEN,
} from '../../demo/support/start-demo.ts';
import type { Demo } from '../../demo/support/start-demo.ts';

describe('connections of two visitors of the public demo', () => {
  let demo: Demo;
  let ann: Visitor;
  let bob: Visitor;

  beforeEach(async () => {
    demo = await startDemo({}, (url) => ({
      ZOOM_OAUTH_URL: `${url}/zoom/oauth`,
      ZOOM_API_URL: `${url}/zoom/v2`,
      ZOOM_WEBHOOK_SECRET_TOKEN: ZOOM_SECRET_TOKEN,
      ZOCKS_AUTHORIZE_URL: `${url}/zocks/oauth/authorize`,
      ZOCKS_TOKEN_URL: `${url}/zocks/oauth/token`,
      ZOCKS_API_URL: `${url}/zocks/api/v1`,
    }));
    [ann, bob] = await Promise.all([createVisitor(demo), createVisitor(demo)]);
  });
  afterEach(() => demo.close());

  /** With the credentials that the visitor's own Zoom or Zocks page shows. Answers the last page. */
  async function connect(
    visitor: Visitor,
    service: 'zoom' | 'zocks',
    app: { clientId: string; clientSecret: string },
  ) {
    const status = await visitor.install();
    const clientId = `${app.clientId}${visitor.mark}`;
    expect((await visitor.open(`/${service}`)).text).toContain(clientId);
    const list = `${status.url}/connections`;
    const form = await visitor.open(`${list}/new?provider=${service}&authType=oauth2`);
    const typed = { provider: service, authType: 'oauth2', name: 'Sales', oauthClientId: '' };
    const { clientSecret } = app;
    const sent = await visitor.fillIn(form, '/connections', {
      ...typed,
      clientId,
      clientSecret,
    });
    const consent = await visitor.open(visitor.location(sent));
    const user = /name="user" value="([^"]+)"/.exec(consent.text)?.[1] ?? '';
    const allowed = await visitor.fillIn(consent, 'authorize', { user, decision: 'allow' });
    await visitor.open(visitor.location(allowed));
    return { user, clientId };
  }

  const statuses = async () => {
    const all = await demo.database.kysely.selectFrom('connections').select('status').execute();
    return all.map(({ status }) => status).toSorted();
  };

  it('belong to different apps of Zoom, so that removing one leaves the other', async () => {
    const { user, clientId } = await connect(ann, 'zoom', ZOOM_APP);
    await connect(bob, 'zoom', ZOOM_APP);
    expect(await statuses()).toEqual(['connected', 'connected']);
    const removed = await ann.post(`/zoom/apps/${clientId}/users/${user}/remove`);
    expect(removed.status).toBe(303);
    await waitUntil('the app has heard of it', async () =>
      (await statuses()).includes('needs_reconnect'),
    );
    expect(await statuses()).toEqual(['connected', 'needs_reconnect']);
    expect((await bob.post(`/zoom/apps/${clientId}/users/${user}/remove`)).status).toBe(404);
    expect((await bob.open('/zoom')).text).toContain('Remove the app for this user');
  });

  it('belong to different apps of Zocks, too', async () => {
    await Promise.all([connect(ann, 'zocks', ZOCKS_APP), connect(bob, 'zocks', ZOCKS_APP)]);
    expect(await statuses()).toEqual(['connected', 'connected']);
    await ann.post('/your-sandbox/start-over');
    await waitUntil('only one is left', async () => (await statuses()).length === 1);
    expect(await statuses()).toEqual(['connected']);
  });
});
