/**
 * Follows a feed of server-sent events for a page that people leave open.
 *
 * Over HTTP/1.1 a browser has six connections to a site, for all its tabs together, and a stream keeps
 * one of them. So a page that nobody sees holds none, and of those that are seen only the few that were
 * used last do. Some proxies hold streams back: a page that hears nothing in time asks instead.
 */

/** How many pages of one site stream. */
const STREAMS = 3;
/** The server says something as soon as it is asked, and then every few seconds. */
const FIRST_WORD_MS = 4_000;
const SILENCE_MS = 15_000;
const ASK_EVERY_MS = 3_000;
/** What held the stream back, or refused it, may be gone by then. */
const STREAM_AGAIN_MS = 60_000;

/**
 * `ask` fetches the news once and returns 'live', 'ended' when there will be none, or nothing where no
 * state is shown; what it throws counts as 'reconnecting'. `onConnect` is called with the first word of each stream, `onState` with the state.
 */
export function followFeed({ urlOf, onMessage, onConnect = () => {}, ask, onState = () => {} }) {
  const pages = new BroadcastChannel('live-feed');
  let source;
  let timer;
  let openedSince = 0;
  let ended = false;
  /** Counts changes of mind: what was asked before the last one is not heard any more. */
  let turn = 0;

  function stop() {
    turn += 1;
    clearTimeout(timer);
    source?.close();
    source = undefined;
  }

  function stream() {
    stop();
    openedSince = 0;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel reaches no other site
    pages.postMessage('streaming');
    const opened = new EventSource(urlOf());
    source = opened;
    let isConnected = false;
    const askWhenSilent = (ms) => {
      clearTimeout(timer);
      timer = setTimeout(askForAWhile, ms);
    };
    const hear = () => {
      askWhenSilent(SILENCE_MS);
      onState('live');
      if (!isConnected) onConnect();
      isConnected = true;
    };
    askWhenSilent(FIRST_WORD_MS);
    opened.addEventListener('alive', hear);
    opened.addEventListener('message', (event) => {
      hear();
      onMessage(event);
    });
    opened.addEventListener('error', () => {
      isConnected = false;
      onState('reconnecting');
      if (opened.readyState === EventSource.CLOSED) askForAWhile();
      // It tries again by itself, and a connection that fails is not a silent one.
      else askWhenSilent(FIRST_WORD_MS);
    });
  }

  function askForAWhile() {
    void askUntil(Date.now() + STREAM_AGAIN_MS);
  }

  async function askUntil(end) {
    stop();
    const asked = turn;
    const state = await ask().catch(() => 'reconnecting');
    if (asked !== turn) return;
    onState(state);
    ended = state === 'ended';
    if (ended) return;
    timer = setTimeout(() => (Date.now() < end ? void askUntil(end) : stream()), ASK_EVERY_MS);
  }

  function show() {
    if (document.hidden) stop();
    else if (!source && !ended) stream();
  }

  pages.addEventListener('message', () => {
    if (source && ++openedSince >= STREAMS) void askUntil(Infinity);
  });
  document.addEventListener('visibilitychange', show);
  window.addEventListener('focus', show);
  onState('connecting');
  show();
}
