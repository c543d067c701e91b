/**
 * Choosing a conversation shows what happened beside the list, without leaving the page. The address is that
 * of the choice, so it can be reloaded and gone back from.
 */
import { showTimes } from '../../ui/relative-times.js';

const ANSWER_WITHIN_MS = 10_000;
const PARTS = ['conversation-list', 'trace'];

/** Counts choices: what was asked for before the last one is shown no more. */
let choices = 0;

async function show(href) {
  const choice = ++choices;
  const split = document.querySelector('[data-split]');
  split.ariaBusy = 'true';
  try {
    const response = await fetch(href, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    if (choice !== choices) return false;
    if (!response.ok) throw new Error(`status ${response.status}`);
    showTimes(page);
    for (const id of PARTS) document.getElementById(id).replaceWith(page.getElementById(id));
  } catch {
    if (choice === choices) location.assign(href);
    return false;
  } finally {
    if (choice === choices) split.ariaBusy = null;
  }
  return true;
}

async function choose(link) {
  const { href } = link;
  const { search } = new URL(href);
  if (!(await show(search === '' ? location.pathname : search))) return;
  history.pushState(null, '', search);
  const chosen = document.querySelector('[data-select][aria-current]');
  chosen?.focus({ preventScroll: true });
  const detail = document.getElementById('trace');
  if (detail.getBoundingClientRect().top > window.innerHeight * 0.6) detail.scrollIntoView();
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-select]');
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
  if (!link || !isPlain) return;
  event.preventDefault();
  void choose(link);
});

window.addEventListener('popstate', () => {
  if (document.querySelector('[data-split]')) void show(location.href);
});
