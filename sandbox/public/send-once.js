// While a form is on its way, the button that sent it is busy and pressing it again does nothing.
// Forms that live.js sends itself are not concerned: their page stays.

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.ariaBusy === 'true') event.preventDefault();
  if (event.defaultPrevented) return;
  form.ariaBusy = 'true';
  // Not `disabled`: a disabled button's own name and value would not be sent.
  event.submitter?.setAttribute('aria-disabled', 'true');
});

// The back button may bring the page back as it was left.
window.addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[aria-busy]')) {
    form.ariaBusy = null;
    form.querySelector('[aria-disabled]')?.removeAttribute('aria-disabled');
  }
});
