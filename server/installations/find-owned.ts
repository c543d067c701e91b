import type { Request } from 'express';
import type { Core } from '../core.ts';
import { findOwned } from './owned.ts';

export type FindOwned = (request: Request) => ReturnType<typeof findOwned>;

export function createFindOwned(
  core: Pick<Core, 'installations' | 'installationOwners'>,
): FindOwned {
  return (request) => findOwned(core, request);
}
