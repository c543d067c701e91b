/** The page works without this. With it, the journey follows the messages, and nothing is loaded anew. */
import { followFeed } from '../../ui/live-feed.js';
import { travel } from './dot.js';

const ANSWER_WITHIN_MS = 10_000;
/** How often to say how long it is until the next attempt. */
const COUNT_DOWN_MS = 500;

const play = document.querySelector('[data-play]');
const parts = () => document.querySelectorAll('[data-part]');
let refreshing = false;
let refreshAgain = false;
let announced;
let countdown;

async function refresh() {
  refreshAgain = refreshing;
  if (refreshing) return;
  refreshing = true;
  try {
    const response = await fetch(location.href, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    if (response.ok) show(await response.text());
  } catch {
    // The app is starting again; the next change, or the next look, catches up.
  }
  refreshing = false;
  if (refreshAgain) await refresh();
}

/** Brings the parts of the page up to date; focus stays on the control that has it. */
function show(html) {
  const page = new DOMParser().parseFromString(html, 'text/html');
  const focused = identify(document.activeElement);
  for (const part of parts()) {
    const fresh = page.getElementById(part.id);
    if (!fresh || fresh.innerHTML === part.dataset.served) continue;
    part.dataset.served = fresh.innerHTML;
    part.replaceChildren(...fresh.childNodes);
  }
  if (focused && document.activeElement === document.body) {
    const controls = [...document.querySelectorAll('[data-part] :is(a, button)')];
    controls.find((control) => identify(control) === focused)?.focus({ preventScroll: true });
  }
  travel(tell);
  clearTimeout(countdown);
  if (play.querySelector('.stop[data-state=waiting]'))
    countdown = setTimeout(() => void refresh(), COUNT_DOWN_MS);
}

const identify = (element) =>
  element?.closest('[data-part]') ? (element.getAttribute('href') ?? element.value) : undefined;

/** For whoever listens: where the message is, each time it has come further. */
function tell(stop) {
  const words = stop?.textContent.replaceAll(/\s+/g, ' ').trim() ?? '';
  // Who listens wants to hear that it waits, and not each half second how long.
  if (stop?.dataset.state === 'waiting' && announced?.startsWith('Worker')) return;
  if (announced !== undefined && words !== announced)
    document.querySelector('[data-announcer]').textContent = words;
  announced = words;
}

async function post(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  const response = await fetch(form.action, { method: 'POST', body });
  if (response.ok) show(await response.text());
  else location.reload();
}

/** The frames of the other views stay, so that nothing typed there is lost. */
function showView({ dataset, textContent }) {
  const frames = document.querySelector('.play-frames');
  if (!frames.querySelector(`[data-view="${dataset.view}"]`)) {
    const frame = document.createElement('iframe');
    frame.title = textContent;
    frame.src = dataset.src;
    frame.dataset.view = dataset.view;
    frames.append(frame);
  }
  for (const frame of frames.children) frame.hidden = frame.dataset.view !== dataset.view;
  for (const tab of document.querySelectorAll('.play-views a')) {
    if (tab.dataset.view === dataset.view) tab.setAttribute('aria-current', 'page');
    else tab.removeAttribute('aria-current');
  }
}

function begin() {
  // Ahead of send-once.js, which is for forms that leave the page.
  document.addEventListener(
    'submit',
    (event) => {
      if (!('swap' in event.target.dataset)) return;
      event.preventDefault();
      void post(event.target, event.submitter);
    },
    { capture: true },
  );

  play.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-swap], a[data-view]');
    const isElsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0;
    if (!link || isElsewhere) return;
    event.preventDefault();
    history.replaceState(null, '', link.getAttribute('href').replace(/#.*/, ''));
    if (link.dataset.view) showView(link);
    void refresh();
  });

  // Where the tour leads: into the chat, or to what slides up on a phone.
  document.addEventListener('click', (event) => {
    const { hash } = event.target.closest('.tour a') ?? {};
    const tab = document.querySelector('.play-views [data-view=customer]');
    if (hash === '#break') handle.setAttribute('aria-expanded', 'true');
    if (hash !== '#chat' || !tab) return;
    event.preventDefault();
    showView(tab);
    document.querySelector('.play-frames [data-view=customer]').focus();
  });

  const handle = play.querySelector('[data-handle]');
  handle.hidden = false;
  play.classList.add('can-slide');
  handle.addEventListener('click', () => {
    const isOpen = handle.getAttribute('aria-expanded') !== 'true';
    handle.setAttribute('aria-expanded', String(isOpen));
  });

  for (const part of parts()) part.dataset.served = part.innerHTML;
  travel(tell);
  const { changes } = play.dataset;
  if (changes)
    followFeed({
      urlOf: () => changes,
      onMessage: () => void refresh(),
      onConnect: () => void refresh(),
      ask: refresh,
    });
}

if (play) begin();
