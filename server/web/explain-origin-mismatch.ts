import type { OriginMismatch } from './origin-mismatch.ts';

/** What createNoticeOrigin kept of a request, as a likely cause of a lost cookie. */
export function explainOriginMismatch(
  mismatch: OriginMismatch | undefined,
  publicUrl: string,
): string | undefined {
  switch (mismatch) {
    case undefined:
      return undefined;
    case 'untrusted-proxy':
      return 'A proxy forwarded this page, but TRUST_PROXY does not cover it, so what it says about host and protocol is not believed. Whoever runs this app sets TRUST_PROXY=1 for one proxy.';
    case 'another-protocol':
      return `This page was reached over another protocol than PUBLIC_URL names (${new URL(publicUrl).protocol.slice(0, -1)}): a browser then keeps cookies back. Or the proxy in front does not send X-Forwarded-Proto.`;
    case 'another-host':
      return `This page was reached under another host than PUBLIC_URL names (${new URL(publicUrl).host}).`;
  }
}
