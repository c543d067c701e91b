/** The dot that travels along the stations of a message, slower than the message did. */

const STEP_MS = 280;
/** Where it waits for another attempt: at the worker. */
const WAITING_PLACE = 3;
const isStill = matchMedia('(prefers-reduced-motion: reduce)');

let journeyId;
let place = -1;
let drawnAt = -1;
let timer;

/** Lets it go on to where the message is; `onArrival` is called with the station once it stands there. */
export function travel(onArrival) {
  const rail = document.querySelector('.rail');
  const stops = [...rail.querySelectorAll('.stop')];
  const states = stops.map(({ dataset }) => dataset.state);
  const target = states.includes('waiting')
    ? WAITING_PLACE
    : states.findLastIndex((state) => state !== 'todo');
  if (rail.dataset.journey !== journeyId) {
    // What was there when the page was opened has arrived; what comes while it is open travels.
    place = journeyId === undefined ? target : 0;
    journeyId = rail.dataset.journey;
  }
  if (isStill.matches) place = target;
  draw(rail, stops, target);
  clearTimeout(timer);
  if (place === target) return onArrival(stops[place]);
  timer = setTimeout(() => {
    place += Math.sign(target - place);
    travel(onArrival);
  }, STEP_MS);
}

function draw(rail, stops, target) {
  const dot = rail.querySelector('.rail-dot') ?? addDot(rail, stops[drawnAt]);
  for (const [index, stop] of stops.entries()) {
    stop.classList.toggle('ahead', index > place && target > place);
    stop.classList.toggle('front', index === place && target > place);
  }
  const stop = stops[place];
  dot.classList.toggle('moving', stop !== undefined && stop.dataset.state !== 'done');
  if (place !== target) dot.classList.add('moving');
  if (stop) dot.style.translate = `0 ${stop.offsetTop}px`;
  drawnAt = place;
}

/** Where the one before stood, so that it goes on from there. */
function addDot(rail, stop) {
  const dot = document.createElement('li');
  dot.className = 'rail-dot';
  dot.ariaHidden = 'true';
  if (stop) dot.style.translate = `0 ${stop.offsetTop}px`;
  rail.append(dot);
  // Laid out once, or it would not move but be there.
  void dot.offsetWidth;
  return dot;
}
