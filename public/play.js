// The page works without this. With it, the journey follows the messages, and nothing else is loaded anew.

import { followFeed } from './live-feed.js';

const play = document.querySelector('[data-play]');
const announcer = document.querySelector('[data-announcer]');
const ANSWER_WITHIN_MS = 10_000;
const STEP_MS = 280;
const isStill = matchMedia('(prefers-reduced-motion: reduce)');

let refreshing = false;
let refreshAgain = false;

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
  for (const part of document.querySelectorAll('[data-part]')) {
    const fresh = page.getElementById(part.id);
    if (!fresh || fresh.innerHTML === part.dataset.served) continue;
    part.dataset.served = fresh.innerHTML;
    part.replaceChildren(...fresh.childNodes);
  }
  if (focused && !document.activeElement?.matches('a, button, summary')) {
    const controls = [...document.querySelectorAll('[data-part] :is(a, button)')];
    controls.find((control) => identify(control) === focused)?.focus({ preventScroll: true });
  }
  travel();
}

const identify = (element) =>
  element?.closest('[data-part]') ? (element.getAttribute('href') ?? element.value) : undefined;

// The dot

let journeyId = '';
let place = -1;
let timer;
let announced = '';

function travel() {
  const rail = document.querySelector('.rail');
  const stops = [...rail.children].filter((item) => item.matches('.stop'));
  const states = stops.map(({ dataset }) => dataset.state);
  const waiting = states.lastIndexOf('waiting');
  const target = waiting === -1 ? states.findLastIndex((state) => state !== 'todo') : 3;
  if (rail.dataset.journey !== journeyId) {
    // A page that is opened shows what was there; what comes while it is open travels.
    const isNew = journeyId !== '' || place === -2;
    journeyId = rail.dataset.journey;
    place = isNew ? 0 : target;
  }
  if (isStill.matches) place = target;
  paint(rail, stops, target);
  clearTimeout(timer);
  if (place !== target) timer = setTimeout(step, STEP_MS, target);
  else tell(stops);
}

function step(target) {
  place += Math.sign(target - place);
  travel();
}

function paint(rail, stops, target) {
  let dot = rail.querySelector('.rail-dot');
  if (!dot) {
    dot = document.createElement('li');
    dot.className = 'rail-dot';
    dot.ariaHidden = 'true';
    rail.append(dot);
    if (stops[lastPlace]) dot.style.translate = `0 ${stops[lastPlace].offsetTop}px`;
    void dot.offsetWidth;
  }
  for (const [index, stop] of stops.entries()) {
    stop.classList.toggle('ahead', index > place && target > place);
    stop.classList.toggle('front', index === place && target > place);
  }
  dot.classList.toggle('moving', place !== target || stops[place]?.dataset.state !== 'done');
  if (stops[place]) dot.style.translate = `0 ${stops[place].offsetTop}px`;
  lastPlace = place;
}

let lastPlace = -1;

/** For whoever listens: where it is, once it stands still. */
function tell(stops) {
  const at = stops[place];
  const words = at?.textContent.replaceAll(/\s+/g, ' ').trim() ?? '';
  if (announced !== '' && words !== announced) announcer.textContent = words;
  announced = words || ' ';
}

// Links and forms within the page

async function post(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  const response = await fetch(form.action, { method: 'POST', body });
  if (response.ok) show(await response.text());
  else location.reload();
}

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

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-swap], a[data-view]');
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  history.replaceState(null, '', link.getAttribute('href').replace(/#.*/, ''));
  if (link.dataset.view) showView(link);
  void refresh();
});

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

const handle = document.querySelector('[data-handle]');
handle.hidden = false;
play.classList.add('can-slide');
handle.addEventListener('click', () => {
  const isOpen = handle.getAttribute('aria-expanded') !== 'true';
  handle.setAttribute('aria-expanded', String(isOpen));
});

for (const part of document.querySelectorAll('[data-part]')) part.dataset.served = part.innerHTML;
if (document.querySelector('.rail').dataset.journey === '') place = -2;
travel();
const { changes } = play.dataset;
if (changes) {
  followFeed({ urlOf: () => changes, onMessage: refresh, onConnect: refresh, ask: refresh });
}
