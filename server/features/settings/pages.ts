import type { Request, Response } from 'express';
import { findOwned } from '../../installations/owned.ts';
import type { Installation } from '../../store/schema.ts';
import { nameOwner } from '../../store/tables/installation-owners.ts';
import { ensureOwnerId, flash } from '../../web/sessions.ts';
import { defaultOf, isRequired, maxLengthOf, schemaOf, type Field, type Value } from './fields.ts';
import { readStored } from './read-value.ts';
import {
  forgetName,
  hashOf,
  loadedName,
  readForm,
  saveSettings,
  type Saved,
  type SettingsDeps,
} from './save.ts';
import type { Setting } from './schema.ts';
import { listSettings, readSecret } from './store.ts';

export const settingsPath = (installationId: string): string =>
  `/installations/${installationId}/settings`;

/** What the admin can set, as a form. */
export async function showSettingsForm(deps: SettingsDeps, request: Request, response: Response) {
  await renderForm(deps, response, await findOwned(deps, request));
}

/** Saves what is right; the rest comes back as it was typed. */
export async function saveSettingsForm(deps: SettingsDeps, request: Request, response: Response) {
  const installation = await findOwned(deps, request);
  const { id } = installation;
  const saved = await saveSettings(deps, id, request.body);
  if (saved.changed.length > 0) {
    const who = nameOwner(ensureOwnerId(request));
    const text = `Settings were changed by ${who}: ${saved.changed.join(', ')}.`;
    await deps.observe.note(id, 'settings', text);
  }
  if (Object.keys(saved.errors).length > 0)
    return await renderForm(deps, response, installation, { saved, body: request.body });
  const text = saved.changed.length === 0 ? 'Nothing was changed.' : saved.sentences.join(' ');
  flash(request, 'ok', text);
  response.redirect(303, settingsPath(id));
}

async function renderForm(
  deps: SettingsDeps,
  response: Response,
  { id, display_name: name }: Installation,
  returned?: { saved: Saved; body: unknown },
): Promise<void> {
  const stored = await listSettings(deps, id);
  const fields = Object.entries(schemaOf(deps.bot)).map(async ([key, field]) => ({
    ...(await presentField(deps, id, key, field, stored.get(key))),
    error: returned?.saved.errors[key] ?? null,
  }));
  const shown = await Promise.all(fields);
  const sent = readForm(returned?.body);
  // Only what was refused is shown as it was typed; the rest is stored.
  const typed = shown.map((field) =>
    field.error === null ? field : { ...field, value: sent[field.name] ?? '' },
  );
  response.status(returned === undefined ? 200 : 422).render('settings/form', {
    title: 'Settings',
    installation: { id, name },
    action: settingsPath(id),
    fields: typed,
    sentences: returned?.saved.sentences ?? null,
  });
}

/** What the form shows of a field; of a secret only whether there is one. */
async function presentField(
  deps: SettingsDeps,
  installationId: string,
  name: string,
  field: Field,
  row: Setting | undefined,
) {
  const isSecret = field.kind === 'secret';
  const value = isSecret ? undefined : readStored(field, row?.value);
  const isReadable = isSecret && row && (await readSecret(deps, installationId, name));
  return {
    name,
    kind: field.kind,
    label: field.label,
    hint: field.hint ?? '',
    isRequired: isRequired(field),
    maxLength: maxLengthOf(field),
    options: 'options' in field ? Object.entries(field.options) : [],
    value: value === undefined ? '' : String(value),
    isOn: value === true,
    fallback: describeFallback(field),
    loadedName: loadedName(name),
    loaded: hashOf(value),
    forgetName: forgetName(name),
    secret: row === undefined ? 'none' : isReadable ? 'stored' : 'unreadable',
    storedAt: row?.updated_at ?? null,
  };
}

/** What an empty field stands for; null where that is nothing, or where none can be empty. */
function describeFallback(field: Field): Value | null {
  if (field.kind !== 'text' && field.kind !== 'longText' && field.kind !== 'number') return null;
  const value = defaultOf(field);
  return value === undefined || value === '' ? null : value;
}

/** The card on the account's page: what is set, and what still has to be. */
export async function describeSettings(deps: SettingsDeps, { id }: { id: string }) {
  const stored = await listSettings(deps, id);
  const fields = Object.entries(schemaOf(deps.bot));
  const missing = fields.filter(
    ([name, field]) => isRequired(field) && !stored.has(name) && (defaultOf(field) ?? '') === '',
  );
  return {
    href: settingsPath(id),
    labels: fields.map(([, { label }]) => label),
    missing: missing.map(([, { label }]) => label),
  };
}
