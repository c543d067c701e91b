// Brings <button class="copy" data-copy="text"> to life; without a clipboard they stay out of sight.

const SHOW_COPIED_MS = 2000;

function createAnnouncer() {
  const announcer = document.createElement('p');
  announcer.className = 'hidden';
  announcer.setAttribute('role', 'status');
  document.querySelector('main').append(announcer);
  return announcer;
}

async function copy(button, announcer) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    announcer.textContent = 'Copied';
  } catch {
    announcer.textContent = 'Copying was not allowed';
    return;
  }
  button.classList.add('copied');
  setTimeout(() => {
    button.classList.remove('copied');
    announcer.textContent = '';
  }, SHOW_COPIED_MS);
}

if (navigator.clipboard) {
  const announcer = createAnnouncer();
  document.documentElement.classList.add('can-copy');
  document.addEventListener('click', (event) => {
    const button = event.target.closest('button.copy');
    if (button) void copy(button, announcer);
  });
}
