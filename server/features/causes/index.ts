import type { Feature } from '../feature.ts';

/** What may have caused a sign-in to fail, on the page of the failure. */
export const causes: Feature = {
  name: 'causes',
  open: () => ({ causes: (code, service) => listCauses(service)[code] ?? [] }),
};

/** By the code of the failure. */
function listCauses(service: string): Record<string, readonly string[]> {
  const changed = 'The address was changed on its way to this app.';
  return {
    consent_denied: [`Deny was chosen on ${service}’s page.`],
    state_expired: [`The page at ${service} was left open for a while.`],
    state_unknown: [
      'This page was reloaded, or opened from the history or a bookmark.',
      'The link was used before, in this or another browser.',
    ],
    state_other_browser: [
      'It was started in another browser, profile or private window.',
      'The browser, or a proxy in between, drops cookies.',
      'Several sign-ins were open at the same time, and this is one of the oldest.',
    ],
    state_interrupted: ['This app was restarted in the middle of it.'],
    cookie_repeated: ['Another site on a neighbouring address set a cookie for this one as well.'],
    callback_empty: ['The Redirect URL was opened by hand.'],
    callback_without_state: [
      `The app was added on ${service}’s side, not from a connection’s page here.`,
    ],
    callback_repeated_parameter: [changed],
    callback_other_issuer: [changed],
    client_refused: [
      'The client secret was rotated in the partner portal, and this app still sends the old one.',
      'OAUTH_CLIENT_ID or OAUTH_CLIENT_SECRET was copied from another app, or not as a whole.',
    ],
    token_refused: [
      'A code can be used once, and only for a short time.',
      'OAUTH_CLIENT_ID or OAUTH_CLIENT_SECRET is not the pair from the partner portal.',
      'The app was disabled in the partner portal while its consent page was open.',
    ],
    authorization_refused: [
      `The client id or the redirect URL differs from what ${service} has of this app.`,
    ],
  };
}
