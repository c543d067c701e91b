import { describeForms } from './support/form-cases.ts';
import { wordsOf } from './support/hostile-text.ts';
import { openTarget } from './support/open-target.ts';

const FORMS = 'webhook test-message events/none/replay events/replay-failed access/remove';

describeForms('the forms', async (options) => {
  const target = await openTarget(options);
  const own = `/installations/${target.id}`;
  const forms = wordsOf(FORMS).map((form) => `${own}/${form}`);
  // Accepted, not a form, about something that is not there.
  const statuses = [303, 403, 409];
  return { ...target, forms, finalForms: [`${own}/disconnect`, '/sign-out'], statuses };
});
