// The bot is at it: from when it has been written to until it answers, or says itself that it types.

const AT_MOST_MS = 6_000;

const dots = document.querySelector('.typing.expected');
let expected;
let timer;

function expectAnswer() {
  const last = document.getElementById('log').lastElementChild;
  const isBots = document.querySelector('[data-answers=bot]') !== null;
  const waits = isBots && (last === null || last.matches('.own')) && isRecent(last);
  if (!waits) stop();
  else if (expected !== key(last)) {
    expected = key(last);
    dots.hidden = false;
    clearTimeout(timer);
    timer = setTimeout(stop, AT_MOST_MS);
  }
}

const key = (last) => last?.dataset.key ?? 'first';

function isRecent(last) {
  const at = last?.querySelector('.when time').dateTime;
  return at === undefined || Date.now() - Date.parse(at) < AT_MOST_MS;
}

function stop() {
  dots.hidden = true;
  clearTimeout(timer);
}

if (dots) {
  document.addEventListener('shown', expectAnswer);
  expectAnswer();
}
