import type { Tracer } from './create-tracer.ts';
import { mask } from './mask.ts';
import type { Call } from './store/trace-schema.ts';

/** The steps that the browser took between our two requests, told once it is back. */
export function describeConsent(
  tracer: Tracer,
  { askedAt, authorizationUrl }: { askedAt: number; authorizationUrl: string },
): void {
  const url = new URL(authorizationUrl);
  const callback = url.searchParams.get('redirect_uri');
  const state = mask('STATE');
  url.searchParams.set('state', state);
  const href = url.href.replace(encodeURIComponent(state), state);
  tracer.note('Authorize', {}, { at: askedAt, call: visit(href) });
  const returned = `${callback}?code=${mask('CODE')}&state=${state}`;
  tracer.note('code-returned', {}, { call: visit(returned) });
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
