import express from 'express';
import { z } from 'zod';
import { serve } from './serve.ts';

/**
 * What a partner writes first: compares the key, answers 200, then sends the reply. It keeps nothing, so a
 * crash, a second delivery or an answer that got lost cost messages. Argument: the API's address.
 */
const [apiUrl = ''] = process.argv.slice(2);
const KEY = 'bench';
const Delivery = z.object({
  events: z.array(
    z.object({
      payload: z.object({
        conversation: z.object({ id: z.string() }),
        message: z.object({ content: z.object({ text: z.string() }) }),
      }),
    }),
  ),
});

async function answer(body: unknown): Promise<void> {
  for (const { payload } of Delivery.parse(body).events) {
    const { id } = payload.conversation;
    await fetch(`${apiUrl}/sc/v2/apps/app/conversations/${id}/messages`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: 'Bearer token' },
      body: JSON.stringify({
        author: { type: 'business' },
        content: { type: 'text', text: `You said: “${payload.message.content.text}”` },
      }),
    }).then((response) => response.json());
  }
}

const app = express();
app.use(express.json({ limit: '1mb' }));
app.post('/webhooks/:id', (request, response) => {
  if (request.header('X-API-Key') !== KEY) return void response.sendStatus(401);
  response.json({});
  answer(request.body).catch(console.error);
});
await serve(app);
