// The box that people write into: it grows, Enter sends, and the other side sees that somebody types.

import { post, postReply } from './outbox.js';

const TELL_EVERY_MS = 5_000;

let toldAt = 0;

function tellTyping({ form, value }) {
  if (value === '' || Date.now() - toldAt < TELL_EVERY_MS) return;
  toldAt = Date.now();
  void fetch(form.dataset.typing, { method: 'POST' }).catch(() => {});
}

/** Browsers that do it themselves are told so by the style sheet. */
function grow(box) {
  if (CSS.supports('field-sizing', 'content')) return;
  box.style.height = 'auto';
  box.style.height = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`;
}

const isOfComposer = (target) => target.matches?.('[data-composer] textarea');

document.querySelectorAll('[data-composer] textarea').forEach(grow);

document.addEventListener('input', ({ target }) => {
  if (!isOfComposer(target)) return;
  grow(target);
  tellTyping(target);
});

document.addEventListener('keydown', (event) => {
  // 229: the Enter that ends the composition of a character, as some browsers say it.
  const isComposing = event.isComposing || event.keyCode === 229;
  const isPlainEnter = event.key === 'Enter' && !event.shiftKey && !isComposing;
  if (!isPlainEnter || !isOfComposer(event.target)) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

// Before anybody else hears of it: it stays on the page, and may be sent again at once.
document.addEventListener(
  'submit',
  (event) => {
    const form = event.target;
    if (!form.matches('[data-composer], [data-reply]')) return;
    event.preventDefault();
    if ('reply' in form.dataset) postReply(form);
    else post(form);
    // Whoever sends has stopped typing: the next word is news again.
    toldAt = 0;
    document.getElementById('text').focus();
  },
  { capture: true },
);
