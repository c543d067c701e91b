import type { RequestHandler } from 'express';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Nothing but loopback protects a sandbox on a developer's machine, and a page of the internet can give its
 * own name our address (DNS rebinding): whoever does not ask for a name of ours is refused.
 */
export function refuseForeignHosts(url: string): RequestHandler {
  const own = new URL(url).hostname;
  return (request, response, next) => {
    const name = hostNameOf(request.headers.host ?? '');
    if (name === own || isLoopbackName(name)) {
      next();
      return;
    }
    response.status(421).render('problem', {
      title: 'Refused',
      problem: `This sandbox is for one machine only, and knows no such host. Open ${url}, or set SANDBOX_URL.`,
    });
  };
}

/** Whether the name is this machine's own. */
export function isLoopbackName(name: string): boolean {
  return LOOPBACK.test(name);
}

/** In lower case and without the port; empty for what is no host. */
function hostNameOf(host: string): string {
  if (!/^[\w.:[\]-]+$/.test(host) || !URL.canParse(`http://${host}`)) return '';
  return new URL(`http://${host}`).hostname.replace(/\.$/, '');
}
