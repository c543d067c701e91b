/** Brings `<button data-copy="text">` to life; without a clipboard the buttons stay hidden. */
const SHOW_COPIED_MS = 2000;

function createAnnouncer() {
  const announcer = document.createElement('p');
  announcer.className = 'visually-hidden';
  announcer.setAttribute('role', 'status');
  document.querySelector('main').append(announcer);
  return announcer;
}

function enable(button, announcer) {
  let timer;
  button.hidden = false;
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      announcer.textContent = 'Copying was not allowed';
      return;
    }
    button.classList.add('copied');
    announcer.textContent = 'Copied';
    clearTimeout(timer);
    timer = setTimeout(() => {
      button.classList.remove('copied');
      announcer.textContent = '';
    }, SHOW_COPIED_MS);
  });
}

const announcer = navigator.clipboard && createAnnouncer();

/** Those that are on the page now; once more for each that came later. */
export function enableCopyButtons() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll('button[data-copy][hidden]')) {
    enable(button, announcer);
  }
}

enableCopyButtons();
