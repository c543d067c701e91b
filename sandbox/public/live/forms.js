// Forms marked data-enhance are sent without leaving the page.

import { describeKnown, parse, refresh, show } from './live.js';

async function send(form, button) {
  const data = new FormData(form);
  form.ariaBusy = 'true';
  button?.setAttribute('aria-disabled', 'true');
  const body = form.enctype === 'multipart/form-data' ? data : new URLSearchParams(data);
  const region = form.closest('[data-live]');
  complain(form, '');
  let isSent = false;
  try {
    const headers = { Accept: 'text/html', ...describeKnown() };
    const response = await fetch(form.action, { method: 'POST', body, headers });
    const page = parse(await response.text());
    isSent = response.ok;
    if (page.querySelector('[data-live]')) {
      show(page, form);
      markFields(form, page);
    } else {
      await refresh();
      complain(form, page.querySelector('main p')?.textContent);
    }
  } catch {
    complain(form, 'The sandbox cannot be reached.');
  }
  form.ariaBusy = null;
  button?.removeAttribute('aria-disabled');
  if (isSent) finish(form);
  const wrong = document.querySelector(
    `form[action="${CSS.escape(form.getAttribute('action'))}"] [aria-invalid=true]`,
  );
  const next = wrong ?? document.getElementById('text') ?? region?.querySelector('button');
  next?.focus();
}

function complain(form, words = 'The sandbox could not take this.') {
  const place = form.querySelector('[role=alert]') ?? document.getElementById('problem');
  place?.replaceChildren(words);
}

/** A form outside of the live regions keeps its fields; which of them are wrong, the answer says. */
function markFields(form, page) {
  for (const field of form.querySelectorAll('[id]:is(input, select, textarea)')) {
    field.ariaInvalid = page.getElementById(field.id)?.ariaInvalid ?? null;
  }
}

function finish(form) {
  form.reset();
  form.closest('details')?.removeAttribute('open');
}

document.addEventListener('submit', (event) => {
  if (!('enhance' in event.target.dataset)) return;
  event.preventDefault();
  if (event.target.ariaBusy !== 'true') void send(event.target, event.submitter);
});
