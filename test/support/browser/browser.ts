import { type HTMLElement, parse } from 'node-html-parser';
import { expect } from 'vitest';
import { ask, type Answer } from './ask.ts';

export interface Page extends Answer {
  url: string;
}

export type Browser = ReturnType<typeof createBrowser>;
type Fields = Record<string, string>;

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/**
 * A browser without JavaScript: keeps a host's cookies by path, sends forms with their hidden fields, and
 * follows redirects where its method says so.
 * @param home Where addresses that are only a path lead.
 */
export function createBrowser(home?: string) {
  const cookies = createCookies();

  async function request(address: string, init: Parameters<typeof ask>[1] = {}): Promise<Page> {
    const { href: url, hostname, pathname } = new URL(address, home);
    const cookie = cookies.header({ hostname, pathname });
    const answer = await ask(url, { ...init, headers: { ...init.headers, cookie } });
    for (const set of answer.headers.getSetCookie()) cookies.keep(set, hostname);
    return { ...answer, url };
  }

  async function follow(page: Page): Promise<Page> {
    const refresh = /^0; url=(.+)$/.exec(page.headers.get('refresh') ?? '')?.[1];
    if (isRedirect(page)) return follow(await request(location(page)));
    return refresh === undefined ? page : follow(await request(refresh));
  }

  const post = (url: string, fields: Fields = {}) =>
    request(url, { method: 'POST', headers: FORM, body: new URLSearchParams(fields).toString() });

  /** What is not on a page of an account, its owner looks for under the account's settings. */
  async function lookForForm(page: Page, actionEnd: string, fields: Fields) {
    const root = parse(page.text);
    const here = findForm(root, actionEnd, fields);
    if (here !== undefined) return { page, form: here };
    const links = root.querySelectorAll('nav[aria-label="Account"] a');
    const settings = links.find((link) => link.text.trim() === 'Settings')?.getAttribute('href');
    if (settings === undefined) return { page, form: undefined };
    const other = await request(new URL(settings, page.url).href);
    return { page: other, form: findForm(parse(other.text), actionEnd, fields) };
  }

  async function sendForm(
    from: Page,
    actionEnd: string,
    fields: Fields,
    required: Fields = {},
  ): Promise<Page> {
    const { page, form } = await lookForForm(from, actionEnd, required);
    if (form === undefined) {
      const names = Object.keys(required).join(', ');
      throw new Error(`${from.url} (${from.status}) has no form for ${actionEnd} with [${names}]`);
    }
    const action = new URL(form.getAttribute('action') ?? '', page.url).href;
    return post(action, { ...readHidden(form), ...fields });
  }

  return {
    cookies: cookies.jar,
    /** All its cookies, as a request has them. */
    cookieHeader: () => cookies.header(),
    location,
    follow,
    get: (url: string) => request(url),
    head: (url: string) => request(url, { method: 'HEAD' }),
    post,
    open: async (url: string) => follow(await request(url)),
    /** Sends fields as a form at that address would, and follows where it leads. */
    send: async (url: string, fields: Fields = {}) => follow(await post(url, fields)),
    /** Sends the form whose action ends like that with any fields, and does not follow. */
    async fillIn(page: Page, actionEnd: string, fields: Fields = {}): Promise<Page> {
      return sendForm(page, actionEnd, fields);
    },
    /** The same with fields that the form has or offers, and follows where it leads. */
    async submit(page: Page, actionEnd: string, fields: Fields = {}): Promise<Page> {
      return follow(await sendForm(page, actionEnd, fields, fields));
    },

    /** Starts an install; returns the callback address that Zendesk would send the browser to. */
    async allow(
      shopUrl: string,
      account: string,
      decision: 'allow' | 'deny' = 'allow',
    ): Promise<string> {
      const consent = await follow(await request(`${shopUrl}/install`));
      expect(consent.text).toContain('would like access');
      return location(await sendForm(consent, '/sc/oauth/authorize', { account, decision }));
    },
  };
}

/** The token that the forms of a page are sent with. Without one a refusal would prove nothing. */
export function readCsrf({ url, text }: Pick<Page, 'url' | 'text'>): string {
  const token = /name="_csrf" value="([^"]+)"/.exec(text)?.[1];
  if (token === undefined) throw new Error(`${url} has no form with a token.`);
  return token;
}

const isRedirect = ({ status }: Page) => status >= 300 && status < 400;

const location = (page: Page) => new URL(page.headers.get('location') ?? '', page.url).href;

/** By name, as no two sites of a test have one in common. */
function createCookies() {
  const jar = new Map<string, { value: string; path: string; hostname: string }>();
  return {
    jar,
    keep(header: string, hostname: string): void {
      const [pair = '', ...attributes] = header.split(';').map((part) => part.trim());
      const [name = '', value = ''] = pair.split('=', 2);
      const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? '/';
      const expires = attributes.find((attribute) => /^expires=/i.test(attribute))?.slice(8);
      if (expires !== undefined && Date.parse(expires) < Date.now()) jar.delete(name);
      else jar.set(name, { value, path, hostname });
    },
    /** Those for an address, or all. */
    header(address?: { hostname: string; pathname: string }): string {
      return [...jar]
        .filter(
          ([, { path, hostname }]) =>
            address === undefined ||
            (address.hostname === hostname && address.pathname.startsWith(path)),
        )
        .map(([name, { value }]) => `${name}=${value}`)
        .join('; ');
    },
  };
}

/** The first form with that action where one could fill in these fields. */
function findForm(root: HTMLElement, actionEnd: string, fields: Fields): HTMLElement | undefined {
  return root
    .querySelectorAll('form')
    .filter((one) => one.getAttribute('action')?.endsWith(actionEnd))
    .find((one) => Object.entries(fields).every((field) => takes(one, field)));
}

/** Inputs whose value is the page's, not the visitor's. */
const FIXED = new Set(['hidden', 'radio', 'checkbox', 'submit']);

/** Whether the form has a field to type into, or offers that very value. */
function takes(form: HTMLElement, [name, value]: [string, string]): boolean {
  return form.querySelectorAll(`[name="${name}"]`).some((control) => {
    if (control.tagName === 'SELECT')
      return control.querySelector(`option[value="${value}"]`) !== null;
    const isTyped = control.tagName !== 'BUTTON' && !FIXED.has(control.getAttribute('type') ?? '');
    return isTyped || (control.getAttribute('value') ?? 'on') === value;
  });
}

function readHidden(form: HTMLElement): Fields {
  const hidden = form.querySelectorAll('input[type="hidden"]');
  return Object.fromEntries(
    hidden.map((input) => [input.getAttribute('name') ?? '', input.getAttribute('value') ?? '']),
  );
}
