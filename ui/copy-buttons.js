/**
 * Brings `<button data-copy="text">` to life, those that come later, too. Without a clipboard the style
 * sheet keeps them out of sight.
 */
const SHOW_COPIED_MS = 2000;

/** Takes back what was said of the button that was pressed last. */
let forget = () => {};

function createAnnouncer() {
  const announcer = document.createElement('p');
  announcer.className = 'visually-hidden';
  announcer.setAttribute('role', 'status');
  document.querySelector('main').append(announcer);
  return announcer;
}

async function copy(button, announcer) {
  forget();
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    announcer.textContent = 'Copying was not allowed';
    return;
  }
  button.classList.add('copied');
  announcer.textContent = 'Copied';
  const timer = setTimeout(() => forget(), SHOW_COPIED_MS);
  forget = () => {
    clearTimeout(timer);
    button.classList.remove('copied');
    announcer.textContent = '';
  };
}

if (navigator.clipboard) {
  const announcer = createAnnouncer();
  document.documentElement.classList.add('can-copy');
  document.addEventListener('click', (event) => {
    const button = event.target.closest('button[data-copy]');
    if (button) void copy(button, announcer);
  });
}
