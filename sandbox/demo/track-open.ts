import type { Response } from 'express';
import type { Visitor } from './create-worlds.ts';

/** Counts the answer as under way until it ends. */
export function trackOpen({ open }: Visitor, response: Response): void {
  open.add(response);
  response.once('close', () => open.delete(response));
}
