// Forms marked data-enhance are sent without leaving the page.

import { parse, refresh, show } from './live.js';

/** Statuses of a page that shows the form again, with what is wrong. */
const REFUSED = new Set([400, 413]);

async function send(form) {
  const data = new FormData(form);
  const body = form.enctype === 'multipart/form-data' ? data : new URLSearchParams(data);
  const box = form.querySelector('textarea');
  const region = form.closest('[data-live]');
  if (box) box.value = '';
  try {
    const response = await fetch(form.action, { method: 'POST', body });
    const isRefused = REFUSED.has(response.status);
    if (response.ok || isRefused) {
      const page = parse(await response.text());
      show(page, form);
      markFields(form, page);
    } else await refresh();
    if (response.ok) finish(form);
    else if (box?.isConnected) box.value = data.get('text');
  } catch {
    if (box) box.value = data.get('text');
    const place = form.querySelector('[role=alert]') ?? document.getElementById('problem');
    place?.replaceChildren('The sandbox cannot be reached.');
  }
  const wrong = document.querySelector(
    `form[action="${CSS.escape(form.getAttribute('action'))}"] [aria-invalid=true]`,
  );
  const next = wrong ?? document.getElementById('text') ?? region?.querySelector('button');
  next?.focus();
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
  void send(event.target);
});

document.addEventListener('keydown', (event) => {
  const isPlainEnter = event.key === 'Enter' && !event.shiftKey && !event.isComposing;
  if (!isPlainEnter || !event.target.matches('[data-composer] textarea')) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});
