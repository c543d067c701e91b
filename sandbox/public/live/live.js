// Every page works without this. With it, regions marked data-live follow the server.

import { followFeed } from '../../../ui/live-feed.js';
import { showTimes } from '../../../ui/relative-times.js';
import { keepPlace } from './scroll.js';

const ANSWER_WITHIN_MS = 10_000;

const feed = document.querySelector('[data-changes]')?.dataset.changes;
/** Elements as the server sent them: what visitors have opened or typed since is no news. */
const served = new WeakMap();
let refreshing = false;
let refreshAgain = false;
/** Pages are asked for and shown in turn: an older one comes too late. */
let asked = 0;
let shown = 0;

const remember = (element) => served.set(element, element.outerHTML);

export async function refresh() {
  if (refreshing) {
    refreshAgain = true;
    return;
  }
  refreshing = true;
  const turn = ++asked;
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const response = await fetch(location.href, { signal, headers: describeKnown() });
    const html = await response.text();
    if (turn < shown) refreshAgain = true;
    else if (response.ok) show(parse(html));
  } catch {
    // The sandbox is being restarted; the next change, or the next look, catches up.
  }
  refreshing = false;
  if (refreshAgain) {
    refreshAgain = false;
    await refresh();
  }
}

/** What a request says of the log on this page, so that only what came since is sent. */
export function describeKnown() {
  const known = document.getElementById('log')?.dataset.known;
  return known ? { 'X-Known-Log': known } : {};
}

export function parse(html) {
  const page = new DOMParser().parseFromString(html, 'text/html');
  // Before anything is compared, or every time would count as a change.
  showTimes(page);
  return page;
}

/** Brings the regions up to date. Words that nobody has sent yet stay, except in `sent`, the form that was. */
export function show(page, sent) {
  shown = ++asked;
  const focused = document.activeElement;
  keepPlace(() => updateRegions(page, sent));
  if (!focused.isConnected) focusAgain(focused);
}

function updateRegions(page, sent) {
  for (const region of document.querySelectorAll('[data-live]')) {
    const fresh = page.getElementById(region.id);
    if (!fresh) continue;
    if (region.role === 'alert') {
      // What is wrong with a form is said until that form is sent again.
      if (sent?.contains(region)) region.replaceChildren(...fresh.childNodes);
    } else if ('list' in region.dataset) updateList(region, fresh, sent);
    else if (isNews(region, fresh, sent)) {
      served.set(region, fresh.outerHTML);
      region.replaceChildren(...fresh.childNodes);
    }
  }
  document.dispatchEvent(new Event('shown'));
}

function isNews(element, fresh, sent) {
  return served.get(element) !== fresh.outerHTML && !keepsWords(element, fresh, sent);
}

/** Whether somebody is filling in a form that the server still shows. */
function keepsWords(element, fresh, sent) {
  const actions = [...fresh.querySelectorAll('form')].map((form) => form.getAttribute('action'));
  const offered = new Set(actions);
  return [...element.querySelectorAll('form')].some(
    (form) => form !== sent && hasWords(form) && offered.has(form.getAttribute('action')),
  );
}

const hasWords = (form) =>
  [...form.elements].some(
    (field) => field.matches('textarea, input:not([type=hidden]), select') && field.value,
  );

// Whoever was on a control that has been replaced goes on from its successor, not from the page's top.
function focusAgain(old) {
  const identify = ({ href, form, textContent }) => href ?? `${form?.action} ${textContent}`;
  const controls = [...document.querySelectorAll('[data-live] :is(a, button, textarea)')];
  const successor = controls.find((control) => identify(control) === identify(old));
  (successor ?? document.querySelector('main')).focus({ preventScroll: true });
}

// Items that stay are left alone: a screen reader hears only what is new, and focus is kept.
function updateList(list, fresh, sent) {
  const { known = '', after } = fresh.dataset;
  list.dataset.known = known;
  const present = [...list.children];
  const kept = present.slice(0, present.findIndex(({ dataset }) => dataset.key === after) + 1);
  const old = new Map(present.map((item) => [item.dataset.key, item]));
  const items = [...fresh.children].map((item) => {
    const before = old.get(item.dataset.key);
    if (before && !isNews(before, item, sent)) return before;
    remember(item);
    return item;
  });
  const wanted = [...kept, ...items];
  for (const item of present) if (!wanted.includes(item)) item.remove();
  for (const [index, item] of wanted.entries()) {
    if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
  }
}

document.querySelectorAll('[data-live], [data-list] > *').forEach(remember);
if (feed) {
  const catchUp = () => void refresh();
  followFeed({ urlOf: () => feed, onMessage: catchUp, onConnect: catchUp, ask: refresh });
}
