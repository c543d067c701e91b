/** Prepends activity as it happens: server-sent events, or polling where those do not get through. */
import { showRelativeTime } from './relative-times.js';

const POLL_EVERY_MS = 3000;
const LINES_KEPT = 200;

const panel = document.querySelector('[data-live-href]');
const list = panel.querySelector('[data-live-list]');
const state = panel.querySelector('[data-live-state]');
let newestId = Number(panel.dataset.newestId);

function showState(text) {
  state.hidden = false;
  if (state.textContent !== text) state.textContent = text;
  state.classList.toggle('ok', text === 'Live');
}

function addLine({ id, at, kind, name, text }) {
  if (id <= newestId) return;
  newestId = id;
  const item = panel.querySelector('template').content.firstElementChild.cloneNode(true);
  const time = item.querySelector('time');
  time.dateTime = new Date(at).toISOString();
  showRelativeTime(time);
  item.dataset.kind = kind;
  item.querySelector('.kind').textContent = name;
  item.querySelector('.text').textContent = text;
  list.prepend(item);
  while (list.children.length > LINES_KEPT) list.lastElementChild.remove();
  panel.querySelector('[data-live-empty]').hidden = true;
  panel.querySelector('[data-live-announcer]').textContent = text;
}

function urlAfterNewest() {
  const url = new URL(panel.dataset.liveHref, location.href);
  url.searchParams.set('after', newestId);
  return url;
}

async function poll() {
  try {
    const response = await fetch(urlAfterNewest(), { headers: { accept: 'application/json' } });
    if (response.status === 404) return showState('Ended');
    (await response.json()).forEach(addLine);
    showState('Live');
  } catch {
    showState('Reconnecting…');
  }
  setTimeout(poll, POLL_EVERY_MS);
}

showState('Connecting…');
const source = new EventSource(urlAfterNewest());
source.addEventListener('open', () => showState('Live'));
source.addEventListener('message', (event) => addLine(JSON.parse(event.data)));
source.addEventListener('error', () => {
  showState('Reconnecting…');
  if (source.readyState === EventSource.CLOSED) void poll();
});
