// What a chat has more with a script: its panels close, and a place is found.

import '../composer/composer.js';
import './dots.js';

function offerPosition(form) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button small';
  button.textContent = 'Use where I am';
  button.addEventListener('click', () => {
    const problem = form.querySelector('#place-problem');
    problem.replaceChildren();
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.lat.value = coords.latitude.toFixed(5);
        form.elements.long.value = coords.longitude.toFixed(5);
      },
      () => problem.replaceChildren('Your browser does not tell where you are.'),
    );
  });
  form.querySelector('.pair').before(button);
}

const place = document.querySelector('[data-place]');
if (place && 'geolocation' in navigator) offerPosition(place);

/** A picture that is pasted or dropped waits in the panel for its caption. */
function attachFrom(event, { files } = {}) {
  const field = document.querySelector('.attach input[type=file]');
  if (!field || !files?.length) return;
  event.preventDefault();
  field.files = files;
  field.closest('details').open = true;
  document.getElementById('caption').focus();
}

document.addEventListener('paste', (event) => attachFrom(event, event.clipboardData));
document.addEventListener('drop', (event) => attachFrom(event, event.dataTransfer));
document.addEventListener('dragover', (event) => {
  if (event.target.closest?.('.chat') && event.dataTransfer.types.includes('Files'))
    event.preventDefault();
});

const panels = [...document.querySelectorAll('.chat-menu, .attach')];

document.addEventListener('click', ({ target }) => {
  if (target.closest('a[href="#lat"]')) place.closest('details').open = true;
  else for (const panel of panels) if (!panel.contains(target)) panel.open = false;
  showExactTime(target);
});

document.addEventListener('keydown', ({ key }) => {
  const open = panels.find((panel) => panel.open);
  if (key !== 'Escape' || !open) return;
  open.open = false;
  open.querySelector('summary').focus();
});

/** Of the message that is pressed: a phone has nothing to hover with. */
function showExactTime(target) {
  const message = target.closest('a, button, input, select') ? null : target.closest('.message');
  const time = message?.querySelector('.when time');
  if (time) message.classList.toggle('is-timed');
}
