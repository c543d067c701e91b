import { once } from 'node:events';
import { connect } from 'node:net';
import { callbackify } from 'node:util';
import { isLoopback } from '../../../config/values.ts';
import { messageOf } from '../../../errors.ts';
import type { Log } from '../../../log.ts';
import { RemoteError } from '../../../remote-error.ts';
import { within } from '../../../timers.ts';
import { PartlyToldError, type Channel, type Notice } from './notices.ts';
import type { MailVariables } from './variables.ts';

const TIMEOUT_MS = 15_000;

/** An e-mail in plain text through SMTP. Its library is loaded when there is something to send. */
export function createMailChannel(
  { SMTP_URL: url, ALERT_MAIL_FROM: from, ALERT_MAIL_TO: to }: MailVariables,
  { publicUrl, log }: { publicUrl: string; log: Log },
): Channel {
  return {
    name: 'mail',
    async send(id, notice) {
      const { createTransport } = await import('nodemailer');
      const server = readTransport(url);
      const transport = createTransport({
        ...server,
        name: findOwnName(publicUrl),
        getSocket: (_options, done) => callbackify(() => openConnection(server))(done),
      });
      try {
        const { rejected, rejectedErrors = [] } = await transport.sendMail({
          from,
          to: notice.left ?? to,
          ...writeMail(notice),
          // A text would stand in the header as it is, and ISO 8601 is no date of a mail.
          date: new Date(notice.timestamp),
          // The same at each attempt, so that a mailbox can tell a repetition.
          messageId: `<${id}@shopkeeper.invalid>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
          disableFileAccess: true,
          disableUrlAccess: true,
        });
        // Those that were accepted have it: sent again, they would have it twice.
        if (rejected.length > 0)
          log.warn({ rejected }, 'The mail server refuses addresses of ALERT_MAIL_TO.');
        const left = rejected.filter((_, index) => isForNow(rejectedErrors[index]?.responseCode));
        if (left.length > 0) throw new PartlyToldError(left);
      } catch (error) {
        if (error instanceof PartlyToldError) throw error;
        throw new RemoteError('SendMail', { reason: messageOf(error), cause: error });
      } finally {
        transport.close();
      }
    },
  };
}

/** As with greylisting, or a mailbox that is full. */
const isForNow = (code = 0): boolean => code >= 400 && code < 500;

/**
 * The name with which we greet the server. The library takes the machine's name, or where that has no dot, as in
 * a container, [127.0.0.1], which Google's relay refuses ("Try again later"). Undefined: the app has only a name
 * that no other machine knows it by.
 */
function findOwnName(publicUrl: string): string | undefined {
  const url = new URL(publicUrl);
  return /\.[a-z][\w-]*$/.test(url.hostname) && !isLoopback(url) ? url.hostname : undefined;
}

/**
 * Connects to the address that the system finds, which knows /etc/hosts and what localhost is. Nodemailer by itself
 * asks DNS first, and goes wherever that says.
 */
async function openConnection({ host, port }: { host: string; port: number }) {
  const connection = connect({ host, port });
  try {
    await within(TIMEOUT_MS, once(connection, 'connect'));
    return { connection };
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

/** Without TLS nothing is sent, so that no password and no notice crosses the network in clear. */
export function readTransport(address: string) {
  const url = new URL(address);
  const secure = url.protocol === 'smtps:';
  const isHere = !secure && isLoopback(url);
  const user = decodeURIComponent(url.username);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    requireTLS: !secure && !isHere,
    // Debian's Postfix, for one, offers TLS with a certificate that nobody signed.
    ...(isHere ? { tls: { rejectUnauthorized: false } } : {}),
    ...(user === '' ? {} : { auth: { user, pass: decodeURIComponent(url.password) } }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  };
}

function writeMail({ type, data }: Notice): { subject: string; text: string } {
  const { account, connection, reason, url } = data;
  const isBroken = type === 'connection.broken';
  const what = isBroken ? 'is broken' : 'works again';
  const lines = [
    `The connection “${connection.name}” (${connection.provider}) of ${account.name} ${what}.`,
    ...(reason === null ? [] : ['', reason]),
    '',
    `${isBroken ? 'Repair it' : 'Look at it'}, as an owner of the account: ${url}`,
    '',
    'You are told once when a connection breaks, and once when it works again.',
  ];
  const subject = `“${connection.name}” of ${account.name} ${what}`;
  return { subject: subject.replaceAll(/\p{Cc}/gu, ' '), text: lines.join('\n') };
}
