import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { APP, REDIRECT_URI, startZocks, tokensSchema } from './support/start-zocks.ts';
import type { ZocksWorld } from './support/start-zocks.ts';

const KINDS = ['contacts', 'households', 'meetings', 'transcripts', 'notes', 'tasks'];

describe('the data of Zocks', () => {
  let world: ZocksWorld;

  beforeEach(async () => {
    world = await startZocks();
    const scopes = ['profile', ...KINDS.map((kind) => `${kind}.read`)];
    world.registerZocksApp({ ...APP, name: 'Note Bot', redirectUris: [REDIRECT_URI], scopes });
  });

  afterEach(() => world.close());

  async function obtainToken(fields: Record<string, string>) {
    const answer = await world.exchange(await world.obtainCode(fields));
    return tokensSchema.parse(await answer.json()).access_token;
  }

  const read = (token: string | undefined, path: string) =>
    fetch(`${world.url}/zocks/api/v1/${path}`, {
      headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
    });

  it.each(KINDS)('has %s for whoever has their scope, and for nobody else', async (kind) => {
    const allowed = await read(await obtainToken({ scope: `${kind}.read` }), kind);
    expect(allowed.status).toBe(200);
    expect(await allowed.json()).toEqual({
      [kind]: expect.arrayContaining([expect.objectContaining({ id: expect.any(String) })]),
      has_more: false,
    });

    const others = KINDS.filter((one) => one !== kind).map((one) => `${one}.read`);
    const refused = await read(await obtainToken({ scope: others.join(' ') }), kind);
    expect(refused.status).toBe(403);
    expect(refused.headers.get('www-authenticate')).toBe(
      `Bearer realm="zocks", error="insufficient_scope", scope="${kind}.read"`,
    );
    expect(await refused.json()).toEqual({
      error: 'insufficient_scope',
      error_description: `This needs the scope ${kind}.read.`,
    });

    const unknown = await read('guessed', kind);
    expect(unknown.status).toBe(401);
    expect(await unknown.json()).toMatchObject({ error: 'invalid_token' });
    expect((await read(undefined, kind)).status).toBe(401);
  });

  it('are the latest first, of one contact if wanted, and no more than asked for', async () => {
    const token = await obtainToken({ scope: 'notes.read' });
    const list = async (query: string) => (await read(token, `notes?${query}`)).json();
    const ofJane = await list('contact_email=Jane%40example.com');
    expect(ofJane).toMatchObject({
      notes: [
        { meeting: { title: 'Retirement review' }, contact: { email: 'jane@example.com' } },
        { meeting: { title: 'House purchase' } },
      ],
      has_more: false,
    });
    expect(await list('contact_email=jane%40example.com&limit=1')).toMatchObject({
      notes: [{ meeting: { title: 'Retirement review' } }],
      has_more: true,
    });
    expect(await list('contact_email=nobody%40example.com')).toEqual({
      notes: [],
      has_more: false,
    });
  });

  it.each(['limit=0', 'limit=101', 'limit=many', 'contact_email=jane'])(
    'refuses the query %s with the name of what is wrong',
    async (query) => {
      const refused = await read(await obtainToken({ scope: 'notes.read' }), `notes?${query}`);
      expect(refused.status).toBe(400);
      expect(await refused.json()).toEqual({
        error: 'invalid_request',
        error_description: `Missing or not valid: ${query.split('=')[0]}.`,
      });
    },
  );

  it('is refused in words of its own where there is no such call', async () => {
    const token = await obtainToken({ scope: 'notes.read' });
    const refused = await read(token, 'portfolios');
    expect([refused.status, await refused.json()]).toMatchObject([404, { error: 'not_found' }]);
  });
});
