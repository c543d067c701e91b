// What a chat has more with a script: the other side sees that somebody types, and a place is found.

const TELL_EVERY_MS = 5_000;

let toldAt = 0;

document.addEventListener('input', (event) => {
  const address = event.target.form?.dataset.typing;
  if (!address || event.target.value === '' || Date.now() - toldAt < TELL_EVERY_MS) return;
  toldAt = Date.now();
  // Whoever sends has stopped typing: the next word is news again.
  event.target.form.addEventListener('submit', () => (toldAt = 0), { once: true });
  void fetch(address, { method: 'POST' }).catch(() => {});
});

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
