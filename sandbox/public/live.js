// Every page works without this. With it, regions marked data-live follow the server and forms
// marked data-enhance are sent without leaving the page.

import { followFeed } from './live-feed.js';
import { showTimes } from './relative-times.js';

const ANSWER_WITHIN_MS = 10_000;

const feed = document.querySelector('[data-changes]')?.dataset.changes;
let refreshing = false;
let refreshAgain = false;

async function refresh() {
  if (refreshing) {
    refreshAgain = true;
    return;
  }
  refreshing = true;
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const response = await fetch(location.href, { signal });
    if (response.ok) show(await response.text());
  } catch {
    // The sandbox is being restarted; the next change, or the next look, catches up.
  }
  refreshing = false;
  if (refreshAgain) {
    refreshAgain = false;
    await refresh();
  }
}

function show(html) {
  const page = new DOMParser().parseFromString(html, 'text/html');
  // Before the comparison below, or every time would count as a change.
  showTimes(page);
  const following = [...document.querySelectorAll('[data-follow]')].filter(isAtEnd);
  const focused = document.activeElement;
  for (const region of document.querySelectorAll('[data-live]')) {
    const fresh = page.getElementById(region.id);
    if (!fresh) continue;
    if ('list' in region.dataset) updateList(region, fresh);
    else if (region.innerHTML !== fresh.innerHTML) region.replaceChildren(...fresh.childNodes);
  }
  following.forEach(scrollToEnd);
  if (!focused.isConnected) focusAgain(focused);
}

// Whoever was on a control that has been replaced goes on from its successor, not from the page's top.
function focusAgain(old) {
  const identify = ({ href, form, textContent }) => href ?? `${form?.action} ${textContent}`;
  const controls = [...document.querySelectorAll('[data-live] :is(a, button)')];
  const successor = controls.find((control) => identify(control) === identify(old));
  (successor ?? document.querySelector('main')).focus({ preventScroll: true });
}

// Items that stay are left alone: a screen reader hears only what is new, and focus is kept.
function updateList(list, fresh) {
  const old = new Map([...list.children].map((item) => [item.dataset.key, item]));
  const items = [...fresh.children].map((item) => {
    const known = old.get(item.dataset.key);
    return known?.isEqualNode(item) ? known : item;
  });
  for (const item of old.values()) if (!items.includes(item)) item.remove();
  for (const [index, item] of items.entries()) {
    if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
  }
}

function isAtEnd(region) {
  return region.scrollHeight - region.scrollTop - region.clientHeight < 80;
}

function scrollToEnd(region) {
  region.scrollTop = region.scrollHeight;
}

async function send(form) {
  const body = new URLSearchParams(new FormData(form));
  const box = form.querySelector('textarea');
  const region = form.closest('[data-live]');
  if (box) box.value = '';
  try {
    const response = await fetch(form.action, { method: 'POST', body });
    const html = await response.text();
    if (!response.ok && box?.isConnected) box.value = body.get('text');
    if (box) box.ariaInvalid = response.status === 400 ? 'true' : null;
    if (response.ok || response.status === 400) show(html);
    else await refresh();
  } catch {
    if (box) box.value = body.get('text');
    document.getElementById('problem')?.replaceChildren('The sandbox cannot be reached.');
  }
  (document.getElementById('text') ?? region?.querySelector('button'))?.focus();
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

if (feed) followFeed({ urlOf: () => feed, onMessage: refresh, onConnect: refresh, ask: refresh });
document.querySelectorAll('[data-follow]').forEach(scrollToEnd);
