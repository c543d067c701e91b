import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  descriptionIsAvailable,
  readDescription,
} from '../../../test/support/openapi/description.ts';
import { foreignOperations, zendeskOperations } from '../../src/zendesk/operation-names.ts';
import { startWorld } from '../support/start-world.ts';
import type { World } from '../support/start-world.ts';

const described = descriptionIsAvailable ? [...readDescription().operations] : [];
/** Pages and calls that need no token of the account. */
const OPEN = new Set(['Authorize', 'GetToken', 'GetTokenInfo', 'RevokeAccess']);
const ofAccounts = described.filter(([name]) => !OPEN.has(name));

describe.runIf(descriptionIsAvailable)('every call of the official description', () => {
  let world: World;
  let bot: ReturnType<World['install']>;

  beforeAll(async () => {
    world = await startWorld();
    bot = world.install();
  });

  afterAll(() => world.close());

  function call(method: string, path: string) {
    const filled = path.replace('{appId}', bot.appId).replaceAll(/\{\w+\}/g, 'none');
    const body = method === 'get' || method === 'delete' ? undefined : {};
    return world.request(bot.token, method.toUpperCase(), `${bot.host}${filled}`, body);
  }

  const named = (names: readonly string[]) => ofAccounts.filter(([name]) => names.includes(name));

  it.each(ofAccounts.map(([name, { method, path }]) => [name, method, path] as const))(
    '%s is known, and recorded by its name',
    async (name, method, path) => {
      const { status, body } = await call(method, path);
      expect(body.errors?.[0]?.code).not.toBe('route_not_found');
      expect(status).not.toBe(500);
      expect(world.control.calls.at(-1)?.operation).toBe(name);
    },
  );

  it('is one that a token of scope integration may make, or is refused with 403', async () => {
    const scopes = (name: string) => ofAccounts.find(([one]) => one === name)?.[1].scopes ?? [];
    const allowed = zendeskOperations.filter((name) => !OPEN.has(name));
    expect(allowed.every((name) => scopes(name).includes('integration'))).toBe(true);
    expect(foreignOperations.some(([name]) => scopes(name).includes('integration'))).toBe(false);
    expect(allowed.length + foreignOperations.length).toBe(ofAccounts.length);
    for (const [name, { method, path }] of named(foreignOperations.map(([one]) => one))) {
      const { status, body } = await call(method, path);
      expect([status, body.errors?.[0]?.code]).toEqual([403, 'forbidden']);
      expect(body.errors?.[0]?.title).toContain(name);
    }
  });

  it('needs a token', async () => {
    for (const [, { method, path }] of ofAccounts) {
      const filled = path.replace('{appId}', bot.appId).replaceAll(/\{\w+\}/g, 'none');
      const { status } = await world.request('x', method.toUpperCase(), `${bot.host}${filled}`);
      expect(status).toBe(401);
    }
  });
});
