import type { Request, RequestHandler, Response } from 'express';
import { ApiError } from '../../../platform/api-error.ts';
import type { Portal } from '../create-portal.ts';
import type { App, Person } from '../records.ts';

interface Visit {
  /** Who is signed in. */
  person: Person;
  request: Request;
  response: Response;
}

export type Visits = ReturnType<typeof createVisits>;

/** Pages for people who are signed in, and the apps they may see there. */
export function createVisits({ sessions, permissions, enterprises, state }: Portal) {
  function findVisible({ person, request }: Visit): App {
    const app = state.apps.get(String(request.params['clientId']));
    if (!app || !permissions.maySee(person, app)) {
      throw new ApiError(404, 'not_found', 'Your account has no such app.');
    }
    return app;
  }

  return {
    /** Whoever is not signed in is asked who they are. */
    signedIn(work: (visit: Visit) => void): RequestHandler {
      return (request, response) => {
        const person = sessions.find(request);
        if (!person) {
          response.redirect(303, '/portal');
          return;
        }
        Object.assign(response.locals, {
          person,
          service: 'Zocks',
          ownAccount: permissions.accountOf(person),
          isManager: permissions.isManager(person),
          isHomeOffice: enterprises.listGoverned(person) !== undefined,
        });
        work({ person, request, response });
      };
    },

    /** Throws 404 where the app is none of the person's. */
    findVisible,

    /** As `findVisible`, and throws 403 for those who can only use it. */
    findManaged(visit: Visit): App {
      const app = findVisible(visit);
      if (permissions.mayManage(visit.person, app)) return app;
      throw new ApiError(403, 'forbidden', 'Only an Owner or Admin of its account manages an app.');
    },
  };
}
