// What is said is on the page before the server has answered, and stays there until it was taken.

import { describeKnown, parse, refresh, show } from '../live/live.js';
import { recall, remember } from './outbox-memory.js';
import { scrollToEnd } from '../live/scroll.js';

const ANSWER_WITHIN_MS = 15_000;

const outbox = document.getElementById('outbox');
/** Each is on the page as a bubble: those on their way, and those that were not sent. */
let messages = [];
/** One after the other: the second must not overtake the first. */
let sending = Promise.resolve();

const findBox = () => document.getElementById('text');

/** Takes what is in the composer. */
export function post(form) {
  const text = form.elements.text.value;
  if (text.trim() === '') return;
  complain('');
  setWords('');
  add({ address: form.action, fields: { text }, text });
}

/** Takes the words of a button that was pressed. */
export function postReply(form) {
  const fields = Object.fromEntries(new FormData(form));
  add({ address: form.action, fields, text: form.textContent.trim() });
}

/** What is offered waits, while an answer to it is on its way. */
function offerReplies() {
  const replies = document.getElementById('replies');
  const isAnswered = messages.some(({ fields, isFailed }) => 'payload' in fields && !isFailed);
  if (replies) replies.hidden = isAnswered;
}

function add(given) {
  const message = { ...given, key: createKey() };
  draw(message);
  enqueue(message);
}

function draw(message) {
  const bubble = outbox.querySelector('template').content.cloneNode(true).firstElementChild;
  bubble.querySelector('.text').textContent = message.text;
  outbox.append(bubble);
  message.bubble = bubble;
  messages.push(message);
}

function enqueue(message) {
  note(message, false, 'Sending…');
  remember(messages);
  scrollToEnd();
  sending = sending.then(() => send(message));
}

async function send(message) {
  const { address, fields, key } = message;
  const body = new URLSearchParams({ ...fields, key });
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const headers = describeKnown();
    const response = await fetch(address, { method: 'POST', body, headers, signal });
    const page = parse(await response.text());
    if (response.ok) {
      drop(message);
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
  const problem = page.getElementById('problem')?.textContent;
  if (!problem || findBox()?.value !== '') {
    fail(message, `Not sent. ${problem || (page.querySelector('main p')?.textContent ?? '')}`);
    return;
  }
  drop(message);
  setWords(message.text);
  complain(problem);
  findBox().focus();
}

function fail(message, words) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Try again';
  button.addEventListener('click', () => {
    outbox.append(message.bubble);
    enqueue(message);
    findBox()?.focus();
  });
  note(message, true, `${words} `, button);
  scrollToEnd();
}

function note(message, isFailed, ...words) {
  message.isFailed = isFailed;
  message.bubble.classList.toggle('failed', isFailed);
  message.bubble.querySelector('.mark').replaceChildren(...words);
  offerReplies();
}

function drop(message) {
  message.bubble.remove();
  messages = messages.filter((one) => one !== message);
  remember(messages);
  offerReplies();
}

/** The box grows with its words when it hears of them. */
function setWords(words) {
  const box = findBox();
  box.value = words;
  box.dispatchEvent(new Event('input', { bubbles: true }));
}

function complain(problem) {
  document.getElementById('problem').replaceChildren(problem);
  findBox().ariaInvalid = problem === '' ? null : 'true';
}

/** Random on every site; `crypto.randomUUID` is there on secure ones alone. */
function createKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What the log shows has arrived, whatever became of the answer. */
function dropArrived() {
  for (const message of messages)
    if (document.querySelector(`#log [data-key="${message.key}"]`)) drop(message);
}

if (outbox) {
  for (const message of recall()) {
    draw(message);
    fail(message, 'Not sent.');
  }
  dropArrived();
  document.addEventListener('shown', dropArrived);
}
