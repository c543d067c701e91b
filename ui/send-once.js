/**
 * While a form is on its way, the button that sent it is busy and pressing again does nothing. A form
 * that another script sends is not concerned: its page stays.
 */
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
  document.querySelectorAll('form[aria-busy]').forEach((form) => {
    form.ariaBusy = null;
    form.querySelector('[aria-disabled]')?.removeAttribute('aria-disabled');
  });
});
