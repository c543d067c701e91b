import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { Refused } from '../../../refused.ts';
import type { Person } from '../../zocks/zocks-state.ts';
import type { Portal } from '../create-portal.ts';
import type { PortalApp } from '../portal-state.ts';

interface Visit {
  /** Who is signed in. */
  person: Person;
  request: Request;
  response: Response;
}

export type Visits = ReturnType<typeof createVisits>;

/** Pages for people who are signed in, and the apps they may see there. */
export function createVisits({ sessions, permissions, enterprises, apps }: Portal) {
  function findVisible({ person, request }: Visit): PortalApp {
    const app = apps.find(String(request.params['clientId']));
    if (!app || !permissions.maySee(person, app)) {
      throw new Refused(404, 'Your account has no such app.');
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
          bar: '../portal/partials/bar',
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
    findManaged(visit: Visit): PortalApp {
      const app = findVisible(visit);
      if (permissions.mayManage(visit.person, app)) return app;
      throw new Refused(403, 'Only an Owner or Admin of its account manages an app.');
    },
  };
}

/** A field that is a switch or a button; anything but one of the choices throws 400. */
export function readChoice<const Choice extends string>(
  body: unknown,
  field: string,
  choices: readonly Choice[],
): Choice {
  const { data } = z.object({ [field]: z.enum(choices) }).safeParse(body);
  const choice = data?.[field];
  if (choice === undefined) throw new Refused(400, 'The form is not complete.');
  return choice;
}
