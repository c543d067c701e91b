import { z } from 'zod';
import { isLoopback, listOf } from '../../../config/values.ts';
import type { FeatureEnvironment } from '../../feature.ts';

const KEY = /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/;
const address = z.email('must be an e-mail address, for example ops@example.com');

/**
 * `Shop bot <bot@example.com>`, or the address alone. Read here, because the library takes a colon or a
 * parenthesis in a name for a part of the grammar of addresses.
 */
const sender = z.string().transform((value, context) => {
  const [, written = '', inBrackets = value] = /^([^<>\p{Cc}]*)<([^<>]+)>$/u.exec(value) ?? [];
  const name = written.trim().replace(/^"(.*)"$/, '$1');
  if (address.safeParse(inBrackets).success) return { name, address: inBrackets };
  const message = 'must be an e-mail address, for example Shop bot <bot@example.com>';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

const Variables = z.object({
  ALERT_WEBHOOK_URL: z.string().refine(isWebhookUrl, {
    error: 'must be an https address without a user name; http is for this machine only',
  }),
  ALERT_WEBHOOK_SECRETS: listOf(
    z
      .string()
      .regex(KEY, 'every secret is written whsec_…: `echo "whsec_$(openssl rand -base64 32)"`'),
  ),
  SMTP_URL: z.string().refine(isSmtpUrl, {
    error:
      'must be an address such as smtps://user:password@mail.example.com; in its user name and password write # as %23, / as %2F, ? as %3F, @ as %40 and % as %25',
  }),
  ALERT_MAIL_FROM: sender,
  ALERT_MAIL_TO: listOf(address),
});

const Webhook = Variables.pick({ ALERT_WEBHOOK_URL: true, ALERT_WEBHOOK_SECRETS: true });
const Mail = Variables.pick({ SMTP_URL: true, ALERT_MAIL_FROM: true, ALERT_MAIL_TO: true });

const WEBHOOK = ['ALERT_WEBHOOK_URL', 'ALERT_WEBHOOK_SECRETS'] as const;
const MAIL = ['SMTP_URL', 'ALERT_MAIL_FROM', 'ALERT_MAIL_TO'] as const;

/** Whom to tell when a connection breaks. Only whoever runs the app says where anything is sent. */
export const environment: FeatureEnvironment = {
  variables: Variables.partial().shape,
  secrets: ['ALERT_WEBHOOK_URL', 'ALERT_WEBHOOK_SECRETS', 'SMTP_URL'],
  findProblems: (env) => [
    ...findHalf(env, WEBHOOK, 'a webhook about broken connections'),
    ...findHalf(env, MAIL, 'an e-mail about broken connections'),
  ],
};

export type WebhookVariables = z.infer<typeof Webhook>;
export type MailVariables = z.infer<typeof Mail>;

/** Undefined: not configured. */
export function readAlertVariables(variables: Record<string, string | undefined>): {
  webhook: WebhookVariables | undefined;
  mail: MailVariables | undefined;
} {
  return { webhook: Webhook.safeParse(variables).data, mail: Mail.safeParse(variables).data };
}

function findHalf(
  env: Record<string, string | undefined>,
  needed: readonly string[],
  what: string,
): string[] {
  const missing = needed.filter((name) => env[name] === undefined);
  if (missing.length === needed.length) return [];
  return missing.map((name) => `${name} is missing: ${what} needs ${needed.join(', ')}`);
}

function isWebhookUrl(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
}

function isSmtpUrl(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^smtps?:$/.test(url.protocol) || url.hostname === '') return false;
  const { username, password, pathname, search, hash } = url;
  // A / or ? in a password ends what stands before the host, and the rest of it looks like a path.
  if (`${pathname}${search}${hash}`.includes('@')) return false;
  try {
    decodeURIComponent(`${username}${password}`);
    return true;
  } catch {
    return false;
  }
}
