import type { Request, RequestHandler } from 'express';
import type { Core } from '../core.ts';
import type { Installation } from '../store/schema.ts';
import type { Flash } from '../web/sessions.ts';
import { runAction } from './owned.ts';

export type FormAction = ReturnType<typeof createFormAction>;

export function createFormAction(core: Pick<Core, 'installations' | 'installationOwners' | 'log'>) {
  return function action(
    run: (installation: Installation, request: Request) => Promise<Flash>,
    pathAfter = ({ id }: Installation, _request: Request) => `/installations/${id}`,
  ): RequestHandler {
    return (request, response) =>
      runAction(
        core,
        request,
        response,
        (installation) => run(installation, request),
        (installation) => pathAfter(installation, request),
      );
  };
}
