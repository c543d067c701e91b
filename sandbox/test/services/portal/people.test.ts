import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPortal } from './support/start-portal.ts';
import type { PortalWorld } from './support/start-portal.ts';

describe('a person in the Apps portal', () => {
  let world: PortalWorld;

  beforeEach(async () => {
    world = await startPortal();
  });

  afterEach(() => world.close());

  it('loses every token and the session when deactivated, until the operator undoes it', async () => {
    const owner = await world.signIn('Zocks Owner');
    const app = await world.createEnabledApp(owner);
    const tokens = await world.connect(app);
    const code = await world.obtainCode(app.clientId);
    const adviser = await world.signIn('Zocks Adviser');
    const id = world.personId('Zocks Adviser');
    await owner.send(`/portal/people/${id}/deactivate`);
    expect((await world.getMe(tokens.access_token)).status).toBe(401);
    expect((await world.exchange(app, code)).status).toBe(400);
    expect((await adviser.get('/portal/apps')).headers.get('location')).toBe('/portal');
    expect((await adviser.send('/portal/sign-in', { person: id })).status).toBe(400);
    expect((await world.allow(app.clientId)).status).toBe(400);

    await owner.send(`/portal/operator/people/${id}/reactivate`);
    expect((await world.getMe(tokens.access_token)).status).toBe(401);
    expect((await world.allow(app.clientId)).status).toBe(302);
  });

  it.each([
    ['a Member', 'Zocks Adviser', 'Zocks Admin'],
    ['an Admin an Owner', 'Zocks Admin', 'Zocks Owner'],
    ['anybody themselves', 'Zocks Owner', 'Zocks Owner'],
    ['a stranger', 'Birch Owner', 'Zocks Adviser'],
  ])('is not deactivated by %s', async (_who, actor, target) => {
    const visitor = await world.signIn(actor);
    const form = `/portal/people/${world.personId(target)}/deactivate`;
    expect((await visitor.send(form)).status).toBe(403);
    const still = await world.signIn(target);
    expect((await still.open('/portal/apps')).status).toBe(200);
  });

  it('signs out', async () => {
    const owner = await world.signIn('Zocks Owner');
    expect((await owner.send('/portal/sign-out')).text).toContain('Who are you?');
    expect((await owner.get('/portal/apps')).headers.get('location')).toBe('/portal');
  });

  it('is not signed in by another site', async () => {
    const response = await fetch(`${world.url}/portal/sign-in`, {
      method: 'POST',
      headers: { Origin: 'https://evil.example' },
      body: new URLSearchParams({ person: world.personId('Zocks Owner') }),
    });
    expect([response.status, response.headers.get('set-cookie')]).toEqual([403, null]);
  });
});
