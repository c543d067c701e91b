import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { checkDelivery } from '../../../test/support/openapi/check.ts';

/** What tests read from deliveries; whether these are right as a whole is `checkDelivery`'s to say. */
const Delivery = z.looseObject({
  events: z.array(
    z.looseObject({
      id: z.string(),
      createdAt: z.string(),
      type: z.string(),
      payload: z.looseObject({
        conversation: z.looseObject({ id: z.string() }).optional(),
        message: z
          .looseObject({
            /** Not where an event names a message only. */
            content: z
              .looseObject({
                type: z.string(),
                text: z.string().optional(),
                mediaUrl: z.string().optional(),
              })
              .optional(),
          })
          .optional(),
      }),
    }),
  ),
});

const Validation = z.looseObject({ payload: z.looseObject({ plainToken: z.string() }) });

interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: unknown;
}

/** A bot that remembers what was posted to it. */
export async function startReceiver() {
  const received: Received[] = [];
  /** The statuses of the next answers to POST; afterwards 200. */
  const script: number[] = [];
  /**
   * `rootStatus` and `targetStatus` answer what is no POST, at `/` and elsewhere, HEAD if it is known;
   * `zoomSecret`: what it proves to know when Zoom asks.
   */
  const settings = { rootStatus: 200, targetStatus: 200, knowsHead: true, zoomSecret: '' };
  async function answer(request: IncomingMessage, response: ServerResponse) {
    const text = await readText(request);
    if (request.method !== 'POST') {
      const isKnown = request.method !== 'HEAD' || settings.knowsHead;
      const status = request.url === '/' ? settings.rootStatus : settings.targetStatus;
      response.writeHead(isKnown ? status : 501).end();
      return;
    }
    const { url = '', headers } = request;
    received.push({ path: url, headers, body: JSON.parse(text) });
    response.writeHead(script.shift() ?? 200).end(prove(text));
  }

  function prove(text: string): string {
    const plainToken = Validation.safeParse(JSON.parse(text)).data?.payload.plainToken;
    if (plainToken === undefined) return '{}';
    const hmac = createHmac('sha256', settings.zoomSecret).update(plainToken);
    return JSON.stringify({ plainToken, encryptedToken: hmac.digest('hex') });
  }

  const server = createServer((request, response) => void answer(request, response));
  server.listen(0);
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;

  return {
    url: `http://localhost:${port}`,
    received,
    script,
    settings,
    /** The deliveries, each checked against the API description. */
    batches: () =>
      received
        .filter(({ path }) => path.startsWith('/webhooks'))
        .map(({ body }) => {
          checkDelivery(body);
          return Delivery.parse(body);
        }),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
