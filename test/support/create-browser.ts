import { expect } from 'vitest';

export interface Page {
  status: number;
  url: string;
  headers: Headers;
  text: string;
}

export type Browser = ReturnType<typeof createBrowser>;

/**
 * A browser as far as HTTP goes: keeps cookies by path, follows redirects only when told to, sends
 * forms with their hidden fields.
 */
export function createBrowser() {
  const jar = new Map<string, { value: string; path: string }>();

  function keep(header: string): void {
    const [pair = '', ...attributes] = header.split(';').map((part) => part.trim());
    const [name = '', value = ''] = pair.split('=', 2);
    const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? '/';
    const expires = attributes.find((attribute) => /^expires=/i.test(attribute))?.slice(8);
    if (expires !== undefined && Date.parse(expires) < Date.now()) jar.delete(name);
    else jar.set(name, { value, path });
  }

  async function send(
    url: string,
    init: { method?: string; body?: URLSearchParams } = {},
  ): Promise<Page> {
    const { pathname } = new URL(url);
    const sent = [...jar].filter(([, { path }]) => pathname.startsWith(path));
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { cookie: sent.map(([name, { value }]) => `${name}=${value}`).join('; ') },
    });
    response.headers.getSetCookie().forEach(keep);
    return { status: response.status, url, headers: response.headers, text: await response.text() };
  }

  const location = (page: Page) => new URL(page.headers.get('location') ?? '', page.url).href;

  async function follow(page: Page): Promise<Page> {
    if (page.status >= 300 && page.status < 400) return follow(await send(location(page)));
    const refresh = /^0; url=(.+)$/.exec(page.headers.get('refresh') ?? '')?.[1];
    return refresh === undefined ? page : follow(await send(refresh));
  }

  const post = (url: string, fields: Record<string, string>) =>
    send(url, { method: 'POST', body: new URLSearchParams(fields) });

  return {
    cookies: jar,
    location,
    get: (url: string) => send(url),
    head: (url: string) => send(url, { method: 'HEAD' }),
    post,
    open: async (url: string) => follow(await send(url)),

    /** Sends the form of a page whose action ends like that, and follows where it leads. */
    async submit(
      page: Page,
      actionEnd: string,
      fields: Record<string, string> = {},
    ): Promise<Page> {
      const forms = page.text.match(/<form[\s\S]*?<\/form>/g) ?? [];
      const wanted = Object.entries(fields).map(
        ([name, value]) => `name="${name}" value="${value}"`,
      );
      const form = forms.find(
        (html) =>
          new RegExp(`action="[^"]*${actionEnd}"`).test(html) &&
          wanted.every((field) => html.includes(field)),
      );
      if (form === undefined) throw new Error(`${page.url} has no form for ${actionEnd}`);
      const action = /action="([^"]*)"/.exec(form)?.[1] ?? '';
      const hidden = [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
      const values = Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value]));
      return follow(await post(new URL(action, page.url).href, { ...values, ...fields }));
    },

    /** Starts an install and answers the callback address that Zendesk would send the browser to. */
    async allow(
      shopUrl: string,
      account: string,
      decision: 'allow' | 'deny' = 'allow',
    ): Promise<string> {
      const consent = await follow(await send(`${shopUrl}/install`));
      expect(consent.text).toContain('would like access');
      const hidden = [
        ...consent.text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g),
      ];
      const values = Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value]));
      const answer = await post(new URL('/sc/oauth/authorize', consent.url).href, {
        ...values,
        account,
        decision,
      });
      return location(answer);
    },
  };
}
