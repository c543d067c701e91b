import type { Kysely } from 'kysely';
import type { Schema } from '../../store/schema.ts';
import type { TraceKind } from './schema.ts';

/** Those of some events, or else of every event of the installation. */
export async function deleteTraces(
  kysely: Kysely<Schema>,
  installationId: string,
  eventIds?: readonly string[],
): Promise<void> {
  const ofEvents = kysely
    .deleteFrom('traces')
    .where('installation_id', '=', installationId)
    .where('event_id', 'is not', null);
  if (eventIds === undefined) await ofEvents.execute();
  else if (eventIds.length > 0) await ofEvents.where('event_id', 'in', [...eventIds]).execute();
}

/** Those of all such work of the installation. */
export async function deleteTracesOfKind(
  kysely: Kysely<Schema>,
  installationId: string,
  kind: TraceKind,
): Promise<void> {
  const ofKind = kysely.deleteFrom('traces').where('kind', '=', kind);
  await ofKind.where('installation_id', '=', installationId).execute();
}
