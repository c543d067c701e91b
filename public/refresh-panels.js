/** After news, fetches the page again and swaps the panels marked `data-refresh` for their new state. */
import { showRelativeTime } from './relative-times.js';

const LOOK_EVERY_MS = 3000;

let stale = false;

async function refreshIfStale() {
  if (!stale || document.hidden) return;
  stale = false;
  try {
    const response = await fetch(location.pathname);
    if (response.ok) swapPanels(await response.text());
  } catch {
    stale = true;
  }
}

function swapPanels(html) {
  const page = new DOMParser().parseFromString(html, 'text/html');
  for (const panel of document.querySelectorAll('[data-refresh]')) {
    const fresh = page.getElementById(panel.id);
    // Whoever is using the panel with the keyboard would be thrown out of it.
    if (!fresh || panel.contains(document.activeElement)) continue;
    fresh.querySelectorAll('time').forEach(showRelativeTime);
    panel.replaceWith(fresh);
  }
}

const news = new MutationObserver(() => {
  stale = true;
});
news.observe(document.querySelector('[data-live-list]'), { childList: true });
setInterval(refreshIfStale, LOOK_EVERY_MS);
document.addEventListener('visibilitychange', () => void refreshIfStale());
