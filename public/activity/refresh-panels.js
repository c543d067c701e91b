/**
 * After news, fetches the page again and brings it up to date: panels marked `data-refresh` are swapped,
 * lists marked `data-refresh-list` get their new items on top and keep the rest as the visitor left it.
 */
import { showTimes } from '../../ui/relative-times.js';

const LOOK_EVERY_MS = 3000;
const ANSWER_WITHIN_MS = 10_000;

let stale = false;
let looking = false;

async function refreshIfStale() {
  // One look at a time: an older one that is answered last would take back what is new.
  if (!stale || looking || document.hidden) return;
  stale = false;
  looking = true;
  try {
    const query = new URLSearchParams(location.search);
    query.set('panels', '');
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const response = await fetch(`${location.pathname}?${query}`, { signal });
    if (response.ok) refresh(new DOMParser().parseFromString(await response.text(), 'text/html'));
    // A proxy says 502 while the app starts again. 404: the page is gone for good.
    else stale = response.status !== 404;
  } catch {
    stale = true;
  }
  looking = false;
}

function refresh(page) {
  showTimes(page);
  for (const panel of document.querySelectorAll('[data-refresh]')) {
    swapPanel(panel, page.getElementById(panel.id));
  }
  for (const list of document.querySelectorAll('[data-refresh-list]')) {
    updateList(list, page.getElementById(list.id));
  }
}

function swapPanel(panel, fresh) {
  // Whoever is using the panel with the keyboard would be thrown out of it.
  if (fresh && !panel.contains(document.activeElement)) panel.replaceWith(fresh);
}

function updateList(list, fresh) {
  if (!fresh) return;
  const items = [...fresh.children];
  const isFresh = ({ id }) => items.some((item) => item.id === id);
  for (const item of list.querySelectorAll(':scope > *')) {
    const inUse = item.querySelector('details').open || item.contains(document.activeElement);
    if (!isFresh(item) && !inUse) item.remove();
  }
  for (const item of items.toReversed()) {
    if (document.getElementById(item.id)) continue;
    item.classList.add('arrived');
    // Nothing opens under the eyes of somebody who is reading.
    item.querySelector('details').open = false;
    list.prepend(item);
  }
}

const list = document.querySelector('[data-live-list]');
if (list) {
  const news = new MutationObserver(() => {
    stale = true;
  });
  news.observe(list, { childList: true });
  setInterval(() => void refreshIfStale(), LOOK_EVERY_MS);
  document.addEventListener('visibilitychange', () => void refreshIfStale());
}
