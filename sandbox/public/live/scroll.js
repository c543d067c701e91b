// The log is anchored at its end, also without this. Whoever has scrolled up is left there, and told of news.

/** So near to the end counts as there, in pixels. */
const NEAR = 80;

const log = document.querySelector('.scroll');
const button = document.querySelector('.to-end');

export function isFollowing() {
  // Counted from the end: below zero above it.
  return log === null || log.scrollTop > -NEAR;
}

export function scrollToEnd() {
  log?.scrollTo(0, 0);
}

/** Keeps the reader's place: at the end, or where they are. `change` may add to the log. */
export function keepPlace(change) {
  const wasFollowing = isFollowing();
  const heightBefore = log?.scrollHeight;
  const topBefore = log?.scrollTop;
  change();
  if (wasFollowing) scrollToEnd();
  else if (log.scrollHeight > heightBefore) {
    log.scrollTop = topBefore - (log.scrollHeight - heightBefore);
    if (button) button.hidden = false;
  }
}

if (button) {
  button.addEventListener('click', scrollToEnd);
  log.addEventListener('scroll', () => (button.hidden ||= isFollowing()), { passive: true });
}

// A phone's keyboard covers the page without making it smaller, where browsers are not told otherwise.
function fitKeyboard() {
  document.documentElement.style.setProperty('--visible', `${window.visualViewport.height}px`);
}
if (log && window.visualViewport) {
  window.visualViewport.addEventListener('resize', fitKeyboard);
  fitKeyboard();
}
