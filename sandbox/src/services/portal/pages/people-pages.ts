import { Router } from 'express';
import { Refused } from '../../../refused.ts';
import type { Portal } from '../create-portal.ts';
import type { Visits } from './create-visits.ts';

/** Settings → People: who is in the account, and the way to deactivate somebody. */
export function createPeoplePages({ portal, visits }: { portal: Portal; visits: Visits }) {
  const { people, permissions } = portal;
  const router = Router();

  router.get(
    '/',
    visits.signedIn(({ person, response }) => {
      response.render('portal/people', {
        people: people.listOf(permissions.accountOf(person)).map((one) => ({
          ...one,
          mayDeactivate: people.mayDeactivate(person, one),
        })),
      });
    }),
  );

  router.post(
    '/:personId/deactivate',
    visits.signedIn(({ person, request, response }) => {
      const other = people.find(String(request.params['personId']));
      if (!other || !people.mayDeactivate(person, other)) {
        throw new Refused(403, 'You cannot deactivate this person.');
      }
      people.deactivate(other);
      response.redirect(303, '/portal/people');
    }),
  );

  return router;
}
