import { Router } from 'express';
import { Refused } from '../../../refused.ts';
import type { Portal } from '../create-portal.ts';
import { readChoice } from './create-visits.ts';

/** What Zocks' own staff does: whoever runs the sandbox, without signing in. */
export function createOperatorPages({ apps, people, permissions, enterprises }: Portal) {
  const router = Router();

  router.get('/', (_request, response) => {
    const shown = apps.list().map((app) => {
      const account = permissions.accountOf(app);
      return { ...app, account, enterprise: enterprises.find(account) };
    });
    response.render('portal/operator', {
      requests: shown.filter(({ hierarchy }) => hierarchy === 'requested'),
      approved: shown.filter(({ hierarchy }) => hierarchy === 'on'),
      deactivated: people.listDeactivated(),
    });
  });

  router.post('/apps/:clientId', (request, response) => {
    const app = apps.find(request.params.clientId);
    if (!app) throw new Refused(404, 'The portal has no such app.');
    apps.setHierarchy(app, readChoice(request.body, 'hierarchy', ['on', 'off']));
    response.redirect(303, '/portal/operator');
  });

  router.post('/people/:personId/reactivate', (request, response) => {
    const person = people.find(request.params.personId);
    if (!person) throw new Refused(404, 'The portal knows no such person.');
    people.reactivate(person);
    response.redirect(303, '/portal/operator');
  });

  return router;
}
