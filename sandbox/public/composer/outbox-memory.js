// What has not been sent, kept in the tab for when the chat is loaded again. A browser may keep nothing for a page in a frame.

const PLACE = `outbox ${location.pathname}`;

/** @param messages each with its `address`, `fields`, `text` and `key`. */
export function remember(messages) {
  const kept = messages.map(({ address, fields, text, key }) => ({ address, fields, text, key }));
  try {
    if (kept.length === 0) sessionStorage.removeItem(PLACE);
    else sessionStorage.setItem(PLACE, JSON.stringify(kept));
  } catch {
    // They are on the page, as long as that is there.
  }
}

export function recall() {
  try {
    return JSON.parse(sessionStorage.getItem(PLACE) ?? '[]');
  } catch {
    return [];
  }
}
