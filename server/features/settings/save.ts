import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Core } from '../../core.ts';
import { cutText } from '../../text.ts';
import { defaultOf, schemaOf, type Field, type Value } from './fields.ts';
import { readStored, readTyped } from './read-value.ts';
import type { Setting } from './schema.ts';
import { deleteSetting, listSettings, putSetting, readSecret } from './store.ts';

export type SettingsDeps = Pick<
  Core,
  'bot' | 'installations' | 'installationOwners' | 'observe' | 'database' | 'secrets' | 'now'
>;

/** A field that was left out or sent twice was not sent. */
const Sent = z.record(z.string(), z.string().optional().catch(undefined)).catch({});
type Sent = z.infer<typeof Sent>;

export const readForm = (body: unknown): Sent => Sent.parse(body ?? {});

export interface Saved {
  /** By name. */
  errors: Record<string, string>;
  /** Labels of what is different now. */
  changed: string[];
  /** What happened, for people, a sentence each. */
  sentences: string[];
}

/**
 * Saves what was changed in a form and is right, field by field: what else is in it may be old, because
 * somebody else has saved meanwhile. Of two who change the same field the later one is told.
 */
export async function saveSettings(
  deps: SettingsDeps,
  installationId: string,
  body: unknown,
): Promise<Saved> {
  const sent = readForm(body);
  const stored = await listSettings(deps, installationId);
  const saved: Saved = { errors: {}, changed: [], sentences: [] };
  for (const [name, field] of Object.entries(schemaOf(deps.bot))) {
    const at: Place = { deps, installationId, name, row: stored.get(name) };
    const result =
      field.kind === 'secret'
        ? await saveSecret(at, field, sent)
        : await saveValue(at, field, sent);
    if (result?.problem !== undefined) saved.errors[name] = result.problem;
    if (result?.sentence === undefined) continue;
    saved.changed.push(field.label);
    saved.sentences.push(result.sentence);
  }
  return saved;
}

interface Place {
  deps: SettingsDeps;
  installationId: string;
  name: string;
  row: Setting | undefined;
}

type Result = { problem?: string; sentence?: string } | undefined;

/** Left empty, it stays what it is. */
async function saveSecret(
  { deps, installationId, name, row }: Place,
  field: Extract<Field, { kind: 'secret' }>,
  sent: Sent,
): Promise<Result> {
  const isStored =
    row !== undefined && (await readSecret(deps, installationId, name)) !== undefined;
  const typed = sent[name]?.trim() ?? '';
  if (typed !== '') {
    const { problem } = readTyped(field, typed);
    if (problem !== undefined) return { problem };
    await putSetting(deps, installationId, name, { secret: typed });
    return { sentence: `${field.label}: ${isStored ? 'replaced' : 'saved'}.` };
  }
  const isForgotten = sent[forgetName(name)] !== undefined;
  if (field.required && sent[loadedName(name)] !== undefined && (!isStored || isForgotten))
    return readTyped(field, '');
  if (!isForgotten || row === undefined) return undefined;
  await deleteSetting(deps, installationId, name);
  return { sentence: `${field.label}: deleted.` };
}

async function saveValue(
  { deps, installationId, name, row }: Place,
  field: Field,
  sent: Sent,
): Promise<Result> {
  const loaded = sent[loadedName(name)];
  const typed = sent[name] ?? (field.kind === 'switch' ? '' : undefined);
  if (loaded === undefined || typed === undefined) return undefined;
  const read = readTyped(field, typed);
  if (read.problem !== undefined) return { problem: read.problem };
  const value = read.value ?? defaultOf(field);
  const before = readStored(field, row?.value);
  if (hashOf(value) === loaded || value === before) return undefined;
  if (read.value === undefined) await deleteSetting(deps, installationId, name);
  else await putSetting(deps, installationId, name, { value: read.value });
  const change = `${field.label}: ${describe(field, before)} → ${describe(field, value)}.`;
  const isOverwritten = hashOf(before) !== loaded;
  return {
    sentence: isOverwritten ? `${change} Somebody else had changed it meanwhile.` : change,
  };
}

/** The field of the form that says what it was loaded with, and the box that forgets a secret. */
export const loadedName = (name: string): string => `${name}.loaded`;
export const forgetName = (name: string): string => `${name}.forget`;

/** Of what a form was loaded with: short, however long the text. */
export function hashOf(value: Value | undefined): string {
  const hash = createHash('sha256').update(JSON.stringify(value ?? null));
  return hash.digest('base64url').slice(0, 16);
}

function describe(field: Field, value: Value | undefined): string {
  if (value === undefined || value === '') return 'nothing';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  const text = field.kind === 'choice' ? field.options[String(value)] : undefined;
  return `“${cutText(text ?? String(value), 60)}”`;
}
