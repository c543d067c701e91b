import type { Core } from '../../core.ts';
import type { Settings } from '../../runtime/types.ts';
import { z } from 'zod';
import type { SettingsSchema } from './fields.ts';
import { readStored } from './read-value.ts';
import type { Setting } from './schema.ts';

type StoreDeps = Pick<Core, 'database' | 'secrets' | 'now'>;

const idOf = (installationId: string, name: string): string => `${installationId}/${name}`;
/** Under this owner a setting keeps its secret. */
const settingOwner = (installationId: string, name: string): string =>
  `setting:${idOf(installationId, name)}`;
const FIELD = 'value';

/** What was set, by name. */
export async function listSettings(
  { database: { kysely } }: Pick<Core, 'database'>,
  installationId: string,
): Promise<Map<string, Setting>> {
  const rows = await kysely
    .selectFrom('settings')
    .select(['name', 'value', 'updated_at'])
    .where('installation_id', '=', installationId)
    .orderBy('name')
    .execute();
  return new Map(rows.map((row) => [row.name, row]));
}

/** Undefined also when it needs a key that is lost. */
export async function readSecret(
  { secrets }: Pick<Core, 'secrets'>,
  installationId: string,
  name: string,
): Promise<string | undefined> {
  return (await secrets.getAll(settingOwner(installationId, name)))[FIELD];
}

/** What the schema says of a bot's settings, in TypeScript alone. */
const AnySettings = z.custom<Settings>();

/** As handlers see them: asked for each event, so that what was just saved counts in every instance. */
export async function readSettings(
  deps: StoreDeps,
  schema: SettingsSchema,
  installationId: string,
): Promise<Settings> {
  const fields = Object.entries(schema);
  const stored: ReadonlyMap<string, Setting> =
    fields.length === 0 ? new Map() : await listSettings(deps, installationId);
  const values = fields.map(async ([name, field]) => {
    const row = stored.get(name);
    if (field.kind !== 'secret') return [name, readStored(field, row?.value)] as const;
    return [name, row && (await readSecret(deps, installationId, name))] as const;
  });
  return AnySettings.parse(Object.fromEntries(await Promise.all(values)));
}

/** With null the value is a secret, which is put beside it. */
export async function putSetting(
  { database: { kysely }, secrets, now }: StoreDeps,
  installationId: string,
  name: string,
  given: { value: string | number | boolean } | { secret: string },
): Promise<void> {
  const owner = settingOwner(installationId, name);
  const value = 'secret' in given ? null : JSON.stringify(given.value);
  const id = idOf(installationId, name);
  const updated_at = now();
  await kysely
    .insertInto('settings')
    .values({ id, installation_id: installationId, name, value, updated_at })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ value, updated_at }))
    .execute();
  if ('secret' in given) await secrets.put(owner, FIELD, given.secret);
  else await secrets.remove(owner, FIELD);
}

/** It has its default again; a secret is gone. */
export async function deleteSetting(
  { database: { kysely } }: Pick<Core, 'database'>,
  installationId: string,
  name: string,
): Promise<void> {
  await kysely.deleteFrom('settings').where('id', '=', idOf(installationId, name)).execute();
}
