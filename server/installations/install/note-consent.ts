import { mask } from '../../features/timeline/mask.ts';
import type { Tracer } from '../../features/timeline/create-tracer.ts';
import type { Call } from '../../features/timeline/store/trace-schema.ts';
import type { OAuthAttempt } from '../../store/schema.ts';
import type { Authorization } from '../../zendesk/authorization.ts';

/** The steps that the browser took between our two requests, told once it is back. */
export function noteConsent(options: {
  tracer: Tracer;
  attempt: OAuthAttempt;
  authorization: Authorization;
}): void {
  const { tracer, attempt, authorization } = options;
  const state = mask('STATE');
  const { href, searchParams } = authorization.authorizationUrl(state);
  const authorizeUrl = href.replace(encodeURIComponent(state), state);
  const callback = searchParams.get('redirect_uri');
  tracer.note('Authorize', {}, { at: attempt.created_at, call: visit(authorizeUrl) });
  tracer.note(
    'code-returned',
    {},
    { call: visit(`${callback}?code=${mask('CODE')}&state=${state}`) },
  );
  tracer.note('state-checked');
}

/** A redirect that the browser followed; its answer is between the browser and Zendesk. */
function visit(url: string): Call {
  return {
    method: 'GET',
    url,
    requestHeaders: {},
    requestBody: null,
    status: null,
    durationMs: null,
    responseHeaders: {},
    responseBody: null,
  };
}
