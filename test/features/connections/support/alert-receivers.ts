import { once } from 'node:events';
import express, { type Request } from 'express';
import { SMTPServer } from 'smtp-server';
import { serve } from '../../../support/network/serve.ts';

/** The receiver of the webhook, which answers with `status` and keeps what it was sent. */
export async function openReceiver() {
  const received: { headers: Request['headers']; body: string }[] = [];
  const receiver = { status: 200, location: '', received, url: '', close: () => {} };
  const app = express();
  app.use(express.text({ type: () => true }), ({ headers, body }, response) => {
    received.push({ headers, body });
    if (receiver.location !== '') response.set('Location', receiver.location);
    response.status(receiver.status).end();
  });
  const { url, close } = await serve(app);
  return Object.assign(receiver, { url: `${url}/alerts?team=1`, close });
}

interface Mail {
  to: string[];
  text: string;
  /** As whom its sender had greeted the server. */
  greeting: string;
  isSecure: boolean;
}

/**
 * An SMTP server that takes every message from whoever knows the password, but not for an address that is `refused`,
 * or, for now, `busy`.
 * @param hasTls with a certificate that nobody signed.
 */
export async function openMailbox({ hasTls = false } = {}) {
  const messages: Mail[] = [];
  const refused: string[] = [];
  const busy: string[] = [];
  const server = new SMTPServer({
    hideSTARTTLS: !hasTls,
    // It warns of its own certificate.
    logger: false,
    onRcptTo({ address }, _session, done) {
      if (refused.includes(address)) return done(new Error('No such mailbox.'));
      const isBusy = busy.includes(address);
      done(isBusy ? Object.assign(new Error('Greylisted.'), { responseCode: 450 }) : null);
    },
    onAuth: ({ username, password }, _session, done) =>
      username === 'bot' && password === 'p@ss word'
        ? done(null, { user: username })
        : done(new Error('Wrong.')),
    onData(stream, { envelope, hostNameAppearsAs: greeting, secure: isSecure }, done) {
      let text = '';
      stream.on('data', (chunk) => (text += String(chunk)));
      stream.on('end', () => {
        const to = envelope.rcptTo.map(({ address }) => address);
        messages.push({ to, text, greeting, isSecure });
        done();
      });
    },
  });
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const address = listening.address();
  const port = address !== null && typeof address !== 'string' ? address.port : 0;
  return {
    messages,
    refused,
    busy,
    url: `smtp://bot:${encodeURIComponent('p@ss word')}@127.0.0.1:${port}`,
    close: () => server.close(),
  };
}
