// The details of an app as users will see them, while they are typed. The logo is loaded in an <img>
// and measured there: what cannot be seen from here (its type, often its size) is left to the hint.

const MIN_PIXELS = 256;
const MAX_BYTES = 512 * 1024;

const form = document.querySelector('form[data-check]');
const preview = document.querySelector('[data-preview]');
const logoField = form?.querySelector('[data-logo]');
const placeholder = document.createElement('span');
placeholder.className = 'avatar large';
placeholder.setAttribute('aria-hidden', 'true');

function showText() {
  const value = (name) => form.querySelector(`[data-shows="${name}"]`).value.trim();
  preview.querySelector('[data-preview-name]').textContent = value('name') || 'Your app';
  preview.querySelector('[data-preview-short]').textContent = value('short');
  preview.querySelector('[data-preview-about]').textContent = value('about');
  const lines = value('bullets')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const items = lines.map((line) => {
    const item = document.createElement('li');
    item.dir = 'auto';
    item.textContent = line.trim();
    return item;
  });
  preview.querySelector('[data-preview-bullets]').replaceChildren(...items);
  const [initial] = new Intl.Segmenter().segment(value('name') || '?');
  placeholder.textContent = initial.segment;
}

function countCharacters() {
  const field = form.querySelector('[data-best]');
  const best = Number(field.dataset.best);
  const { length } = field.value.trim();
  const warning = length > best ? ': users may not read to the end.' : '.';
  document.getElementById(`${field.id}-count`).textContent =
    length === 0 ? '' : `${length} of ${best} characters${warning}`;
}

function findFault(image) {
  const { naturalWidth: width, naturalHeight: height } = image;
  const isSvg = /\.svg$/i.test(new URL(image.src).pathname);
  if (Math.abs(width - height) > (isSvg ? 1 : 0))
    return `The logo is not square: ${width} × ${height}.`;
  if (!isSvg && width < MIN_PIXELS) return `The logo is too small: ${width} × ${height} pixels.`;
  // 0 when the logo’s server does not let others see it.
  const bytes = performance.getEntriesByName(image.src).at(-1)?.encodedBodySize ?? 0;
  return bytes > MAX_BYTES ? `The logo is too large: ${Math.ceil(bytes / 1024)} KB.` : '';
}

function showLogo(element) {
  preview.querySelector('.bot-head > :first-child').replaceWith(element);
}

function report(sentence) {
  let problem = document.getElementById('logoUrl-problem');
  if (!problem) {
    problem = document.createElement('p');
    problem.className = 'problem';
    problem.id = 'logoUrl-problem';
    problem.setAttribute('role', 'alert');
    logoField.parentElement.append(problem);
    logoField.setAttribute('aria-describedby', 'logoUrl-hint logoUrl-problem');
  }
  problem.textContent = sentence;
  if (sentence === '') logoField.removeAttribute('aria-invalid');
  else logoField.setAttribute('aria-invalid', 'true');
  logoField.dataset.fault = sentence;
}

function checkLogo() {
  const address = logoField.value.trim();
  showLogo(placeholder);
  if (!/^https?:/.test(address) || !URL.canParse(address)) {
    report('');
    return;
  }
  const image = new Image(56, 56);
  const isCurrent = () => logoField.value.trim() === address;
  image.className = 'logo';
  image.alt = '';
  image.referrerPolicy = 'no-referrer';
  image.addEventListener('load', () => {
    if (!isCurrent()) return;
    showLogo(image);
    report(findFault(image));
  });
  image.addEventListener('error', () => {
    if (isCurrent()) report('The logo could not be loaded. Users would see an empty frame.');
  });
  image.src = address;
}

function start() {
  form.addEventListener('input', () => {
    showText();
    countCharacters();
  });
  logoField.addEventListener('change', checkLogo);
  form.addEventListener('submit', (event) => {
    if (event.submitter?.value === 'back' || !logoField.dataset.fault) return;
    event.preventDefault();
    logoField.focus();
  });

  showText();
  countCharacters();
  // What the server has found wrong stays until it is changed.
  if (logoField.value !== '' && !logoField.hasAttribute('aria-invalid')) checkLogo();
}

if (logoField) start();
