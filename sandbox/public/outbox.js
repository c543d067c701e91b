// What is written is on the page before the server has answered, and stays there until it was taken.

import { describeKnown, parse, refresh, show } from './live.js';
import { scrollToEnd } from './scroll.js';

const ANSWER_WITHIN_MS = 15_000;

const outbox = document.getElementById('outbox');
/** Kept in the tab for when the page is loaded again, by the address of the chat. */
const STORED = `outbox ${location.pathname}`;
/** One after the other: the second must not overtake the first. */
let sending = Promise.resolve();

/** Takes what is in the composer. */
export function post(form) {
  const text = form.elements.text.value;
  if (text.trim() === '') return;
  form.querySelector('[role=alert]').replaceChildren();
  form.elements.text.ariaInvalid = null;
  setWords(form, '');
  enqueue({ form, text, bubble: addBubble(createKey(), text) });
}

function addBubble(key, text) {
  const bubble = outbox.querySelector('template').content.cloneNode(true).firstElementChild;
  bubble.dataset.sent = key;
  bubble.querySelector('.text').textContent = text;
  outbox.append(bubble);
  return bubble;
}

function enqueue(message) {
  note(message, 'Sending…');
  store();
  scrollToEnd();
  sending = sending.then(() => send(message));
}

async function send(message) {
  const { form, text, bubble } = message;
  const body = new URLSearchParams({ text, key: bubble.dataset.sent });
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const headers = describeKnown();
    const response = await fetch(form.action, { method: 'POST', body, headers, signal });
    const page = parse(await response.text());
    if (response.ok) {
      bubble.remove();
      show(page);
    } else refuse(message, page);
  } catch {
    fail(message, 'Not sent.');
    // It may have arrived, and only the answer was lost.
    void refresh();
  }
}

/** What is wrong is said at the box, if that is free for the words; else at the bubble. */
function refuse(message, page) {
  const { form, text, bubble } = message;
  const problem = page.getElementById('problem')?.textContent;
  const box = form.elements.text;
  if (!problem || box.value !== '') {
    fail(message, `Not sent. ${problem || (page.querySelector('main p')?.textContent ?? '')}`);
    return;
  }
  bubble.remove();
  store();
  setWords(form, text);
  form.querySelector('[role=alert]').replaceChildren(problem);
  box.ariaInvalid = 'true';
  box.focus();
}

function fail(message, words) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Try again';
  button.addEventListener('click', () => {
    outbox.append(message.bubble);
    enqueue(message);
    message.form.elements.text.focus();
  });
  note(message, `${words} `, button);
  message.bubble.classList.add('failed');
  scrollToEnd();
}

function note({ bubble }, ...words) {
  bubble.classList.remove('failed');
  bubble.querySelector('.mark').replaceChildren(...words);
}

/** The box grows with its words when it hears of them. */
function setWords({ elements }, words) {
  elements.text.value = words;
  elements.text.dispatchEvent(new Event('input', { bubbles: true }));
}

/** Random on every site; `crypto.randomUUID` is there on secure ones alone. */
function createKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const listBubbles = () => [...outbox.querySelectorAll('[data-sent]')];

/** What the log shows has arrived, whatever became of the answer. */
function dropArrived() {
  for (const bubble of listBubbles())
    if (document.querySelector(`#log [data-key="${bubble.dataset.sent}"]`)) bubble.remove();
  store();
}

function store() {
  const waiting = listBubbles().map((bubble) => [
    bubble.dataset.sent,
    bubble.querySelector('.text').textContent,
  ]);
  sessionStorage.setItem(STORED, JSON.stringify(waiting));
}

const form = document.querySelector('[data-composer]');
if (outbox && form) {
  for (const [key, text] of JSON.parse(sessionStorage.getItem(STORED) ?? '[]'))
    fail({ form, text, bubble: addBubble(key, text) }, 'Not sent.');
  dropArrived();
  document.addEventListener('shown', dropArrived);
}
