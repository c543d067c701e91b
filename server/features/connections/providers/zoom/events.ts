import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { parseJson } from '../../../../parse-json.ts';
import { columnText } from '../../../../text.ts';
import type { ConnectionsContext } from '../../context.ts';
import { forgetUser } from '../../end/end.ts';
import {
  findSigningTokens,
  mayBeSigned,
  mayNameApp,
  signWithToken,
  type SecretToken,
} from './signature.ts';

const Event = z.looseObject({ event: z.string(), event_ts: z.number().optional() });

/**
 * Zoom wants our signature of this text. A colon would make it a text that Zoom signs as an event
 * (`v0:{timestamp}:{body}`), and whoever holds our answer could forge one.
 */
const Validation = z.looseObject({
  payload: z.looseObject({ plainToken: z.string().regex(/^[^:]{1,128}$/) }),
});

const Deauthorization = z.looseObject({
  payload: z.looseObject({
    user_id: columnText,
    account_id: columnText,
    client_id: columnText,
  }),
});

const REFUSED = { error: 'The signature is missing, wrong or too old.' };

/** Ahead of the body, which whoever sends no signature of Zoom's need not have read. */
export function refuseOddEvents({ now }: Pick<ConnectionsContext, 'now'>): RequestHandler {
  return (request, response, next) => {
    const signature = request.get('x-zm-signature');
    const timestamp = request.get('x-zm-request-timestamp');
    if (mayBeSigned({ signature, timestamp, now: now() })) next();
    else response.status(401).json(REFUSED);
  };
}

/**
 * Zoom's events (Zoom, "Using webhooks"). The body is the raw bytes, because those are signed.
 * @param context with the secret tokens, newest first.
 */
export async function receiveEvents(
  context: Parameters<typeof forgetUser>[0] &
    Pick<ConnectionsContext, 'now' | 'log'> & { secretTokens: readonly SecretToken[] },
  request: Request,
  response: Response,
): Promise<void> {
  const { secretTokens, now, log } = context;
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const signing = findSigningTokens({
    secretTokens,
    signature: request.get('x-zm-signature'),
    timestamp: request.get('x-zm-request-timestamp'),
    body,
    now: now(),
  });
  const [secretToken] = signing;
  if (secretToken === undefined) {
    response.status(401).json(REFUSED);
    return;
  }
  const content = parseJson(body.toString('utf8'));
  const event = Event.safeParse(content).data;
  switch (event?.event) {
    case 'endpoint.url_validation': {
      const { plainToken } = Validation.safeParse(content).data?.payload ?? {};
      if (plainToken === undefined) break;
      const encryptedToken = signWithToken(secretToken.token, plainToken);
      response.json({ plainToken, encryptedToken });
      return;
    }
    case 'app_deauthorized': {
      const gone = Deauthorization.safeParse(content).data?.payload;
      if (gone === undefined) break;
      const { user_id: userId, account_id: accountId, client_id: clientId } = gone;
      if (!mayNameApp(signing, secretTokens, clientId)) {
        response.status(401).json({ error: 'The signature is that of another app.' });
        return;
      }
      const user = { provider: 'zoom', clientId, userId, accountId };
      await forgetUser(context, user, event.event_ts ?? now());
      log.info({ requestId: response.locals['requestId'] }, 'A Zoom user removed the app.');
      response.json({});
      return;
    }
    default:
      if (event === undefined) break;
      // Whatever else the app is subscribed to is fine; Zoom would repeat what is refused.
      response.json({});
      return;
  }
  response.status(400).json({ error: 'Not an event this app understands.' });
}
