/** Prepends activity as it happens. */
import { followFeed } from '../../ui/live-feed.js';
import { showTimes } from '../../ui/relative-times.js';

const ANSWER_WITHIN_MS = 10_000;
const LINES_KEPT = 200;
const STATES = {
  connecting: 'Connecting…',
  live: 'Live',
  reconnecting: 'Reconnecting…',
  ended: 'Ended',
};

const panel = document.querySelector('[data-live-href]');
const list = panel?.querySelector('[data-live-list]');
const state = panel?.querySelector('[data-live-state]');
let newestId = Number(panel?.dataset.newestId);

function showState(name) {
  state.hidden = false;
  if (state.textContent !== STATES[name]) state.textContent = STATES[name];
  state.classList.toggle('ok', name === 'live');
}

function addLine({ id, at, kind, name, text }) {
  if (id <= newestId) return;
  newestId = id;
  const item = panel.querySelector('template').content.firstElementChild.cloneNode(true);
  item.dataset.kind = kind;
  item.querySelector('.activity-kind').textContent = name;
  const time = document.createElement('time');
  time.dateTime = new Date(at).toISOString();
  time.dataset.relative = '';
  item.querySelector('.activity-kind').after(time);
  showTimes(item);
  item.querySelector('.activity-text').textContent = text;
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

async function ask() {
  const response = await fetch(urlAfterNewest(), {
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  if (response.status === 404) return 'ended';
  (await response.json()).forEach(addLine);
  return 'live';
}

if (panel)
  followFeed({
    urlOf: urlAfterNewest,
    onMessage: ({ data }) => addLine(JSON.parse(data)),
    ask,
    onState: showState,
  });
