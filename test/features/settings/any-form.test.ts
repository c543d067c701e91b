import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleBot as bot } from '../../support/sample-bot.ts';
import { findProblem } from '../../../server/features/settings/read-value.ts';
import { saveSettings, type SettingsDeps } from '../../../server/features/settings/save.ts';
import { readSettings } from '../../../server/features/settings/store.ts';
import { createObserve } from '../../../server/observe.ts';
import { createStores } from '../../../server/store/create-stores.ts';
import { anyCharacter } from '../../fuzz/support/hostile-text.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';
import { SCHEMA } from './support/open-settings.ts';

const text = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 600 }),
  fc.constantFrom('', ' ', '5', '-1', '2,5', '1e9', 'NaN', 'warm', 'formal', 'constructor', 'on'),
);
const name = fc.oneof(
  fc
    .tuple(fc.constantFrom(...Object.keys(SCHEMA)), fc.constantFrom('', '.loaded', '.forget'))
    .map((parts) => parts.join('')),
  fc.constantFrom('__proto__', 'constructor', 'toString.loaded'),
);
const body = fc.oneof(
  { weight: 9, arbitrary: fc.dictionary(name, fc.oneof(text, fc.array(text)), { maxKeys: 20 }) },
  { weight: 1, arbitrary: fc.constantFrom(undefined, null, 'text', 7, []) },
);

describe.each(engines)('whatever a form has in it, on %s,', (engine) => {
  let database: Awaited<ReturnType<typeof openTestDatabase>>;
  let deps: SettingsDeps;
  beforeAll(async () => {
    database = await openTestDatabase(engine);
    const keys = [{ id: 'k1', key: randomBytes(32) }];
    const stores = createStores({ database, keys, now: Date.now });
    deps = {
      ...stores,
      database,
      observe: createObserve(),
      bot: { ...bot, settings: SCHEMA },
      now: Date.now,
    };
    await stores.installations.create('acme', 'Acme');
  });
  afterAll(() => database.close());

  it('handlers are given what the bot’s file allows', { timeout: 60_000 }, () =>
    fc.assert(
      fc.asyncProperty(fc.array(body, { maxLength: 4 }), async (bodies) => {
        for (const sent of bodies) {
          const { errors } = await saveSettings(deps, 'acme', sent);
          for (const wrong of Object.keys(errors)) expect(SCHEMA).toHaveProperty(wrong);
        }
        const values = await readSettings(deps, SCHEMA, 'acme');
        expect(Object.keys(values)).toEqual(Object.keys(SCHEMA));
        for (const [key, field] of Object.entries(SCHEMA)) {
          const value: unknown = Reflect.get(values, key);
          const isSet =
            typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
          if (isSet) expect(findProblem(field, value), key).toBeUndefined();
          else expect(['rate', 'apiKey']).toContain(key);
        }
      }),
      { numRuns: 100 },
    ),
  );
});
