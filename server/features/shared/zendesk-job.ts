import { z } from 'zod';
import type { Core } from '../../core.ts';
import type { EventType } from '../../inbox/event-types.ts';
import { fail, hasUsedUpAttempts, NeverEndedError } from '../../inbox/retry.ts';
import type { Settlement } from '../../inbox/settle.ts';
import type { StoredEvent } from '../../store/schema.ts';

/** A job that Zendesk gives. Nothing but what the schema reads is stored of its payload. */
export function zendeskJob<Payload extends object>(
  title: string,
  schema: z.ZodType<Payload>,
  run: (core: Core, event: StoredEvent, payload: Payload) => Promise<Settlement>,
): EventType {
  const Stored = z.object({ payload: schema });
  return {
    title,
    keep: (payload) => schema.safeParse(payload).data,
    async run(core, _installation, event) {
      const stored = Stored.safeParse(JSON.parse(event.payload ?? 'null')).data;
      if (stored === undefined) return fail(event, 'The event does not have the documented shape.');
      if (hasUsedUpAttempts(event)) return fail(event, new NeverEndedError(event).message);
      return await run(core, event, stored.payload);
    },
  };
}
