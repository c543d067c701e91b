import { findOriginMismatch } from '../../web/origin.ts';
import { MADE_UP_ADDRESS, type Told } from './diagnosis.ts';
import { type Finding, ok, problem } from './finding.ts';

const CHECK = 'proxy';

/** Whether what stands in front of the app and TRUST_PROXY agree about host, protocol and visitors. */
export function checkProxy(diagnosis: Told['diagnosis']): Finding {
  const { publicUrl, seen, trusted, address, forwardedFor } = diagnosis;
  const hasProxy = forwardedFor !== MADE_UP_ADDRESS;
  const mismatch = findOriginMismatch(diagnosis, publicUrl);
  if (mismatch === 'untrusted-proxy' || (hasProxy && !trusted)) {
    return problem(
      CHECK,
      `A proxy stands in front, but TRUST_PROXY does not cover it: the app sees ${seen}, and all visitors as one for the rate limits.`,
      'Set TRUST_PROXY to the number of proxies (mostly 1) or to their addresses, and restart the app.',
    );
  }
  if (mismatch === 'another-protocol') {
    return problem(
      CHECK,
      `The app sees ${seen}, because the proxy in front does not send X-Forwarded-Proto.`,
      'Let it: `proxy_set_header X-Forwarded-Proto $scheme;` in nginx.',
    );
  }
  if (mismatch === 'another-host') {
    return problem(
      CHECK,
      `The app sees ${seen}, because the proxy in front changes the host and does not send X-Forwarded-Host.`,
      'Let it keep the host: `proxy_set_header Host $host;` in nginx.',
    );
  }
  if (address === MADE_UP_ADDRESS) {
    return problem(
      CHECK,
      'The app believes whatever address a visitor writes into X-Forwarded-For: rate limits can be avoided.',
      hasProxy
        ? 'Set TRUST_PROXY to the number of proxies that are really in front, and restart the app.'
        : 'No proxy adds X-Forwarded-For here: leave TRUST_PROXY empty, and restart the app.',
    );
  }
  return ok(CHECK, `The app sees ${seen}, as PUBLIC_URL says.`);
}
