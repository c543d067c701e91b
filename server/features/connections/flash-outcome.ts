import type { Request } from 'express';
import { flash } from '../../web/sessions.ts';
import type { Connection } from './store/schema.ts';

/** Says on the next page what a test of the connection showed. */
export function flashOutcome(request: Request, connection: Connection | undefined): void {
  if (connection === undefined) return flash(request, 'problem', 'The connection was deleted.');
  const { name, status, reason } = connection;
  if (status !== 'connected')
    return flash(request, 'problem', `“${name}” does not work. ${reason ?? ''}`);
  if (reason !== null) return flash(request, 'problem', `“${name}”: ${reason}`);
  flash(request, 'ok', `“${name}” is working.`);
}
