/** A browser without JavaScript: keeps cookies and follows the redirect after a form. */
export function createBrowser(url: string) {
  let cookie = '';

  async function request(path: string, init: RequestInit = {}) {
    const response = await fetch(`${url}${path}`, {
      ...init,
      redirect: 'manual',
      headers: { Cookie: cookie },
    });
    cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    return response;
  }

  async function open(path: string): Promise<{ status: number; html: string }> {
    const response = await request(path);
    return { status: response.status, html: await response.text() };
  }

  async function submit(path: string, fields: Record<string, string> = {}) {
    const response = await request(path, { method: 'POST', body: new URLSearchParams(fields) });
    const location = response.headers.get('location');
    return location === null
      ? { status: response.status, html: await response.text() }
      : open(location);
  }

  return { request, open, submit };
}
