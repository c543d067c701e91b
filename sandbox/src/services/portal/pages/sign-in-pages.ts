import { Router } from 'express';
import { z } from 'zod';
import { Refused } from '../../../refused.ts';
import type { Portal } from '../create-portal.ts';

const personSchema = z.object({ person: z.string() });

/** Who are you? In a sandbox a choice is enough. */
export function createSignInPages({ people, sessions }: Portal) {
  const router = Router();

  router.get('/', (request, response) => {
    if (sessions.find(request)) response.redirect(303, '/portal/apps');
    else response.render('portal/sign-in', { groups: people.listByAccount() });
  });

  router.post('/sign-in', (request, response) => {
    const person = people.findActive(personSchema.safeParse(request.body).data?.person ?? '');
    if (!person) throw new Refused(400, 'Nobody was chosen who can sign in.');
    sessions.begin(person, response);
    response.redirect(303, '/portal/apps');
  });

  router.post('/sign-out', (request, response) => {
    sessions.end(request, response);
    response.redirect(303, '/portal');
  });

  return router;
}
