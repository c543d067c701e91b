import { once } from 'node:events';
import { createServer } from 'node:http';

export type StandIn = Awaited<ReturnType<typeof startStandIn>>;

/**
 * As little of Zendesk's API as a bot that echoes needs: it takes every message and answers at once, in the
 * generator's process, so that what is measured is the server under test.
 */
export async function startStandIn() {
  /** By conversation, in the order in which they were asked. */
  const waiting = new Map<string, (() => void)[]>();
  const webhooks: { id: string; target: string; triggers: string[] }[] = [];
  let count = 0;
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      const { method, url = '' } = request;
      const id = /\/conversations\/([^/?]+)/.exec(url)?.[1] ?? '';
      const isReply = method === 'POST' && url.endsWith('/messages');
      // Whoever is slow asks who is in control now, and what was said.
      const body = isReply
        ? `{"messages":[{"id":"${count++}"}]}`
        : url.endsWith('/webhooks')
          ? JSON.stringify({ webhooks })
          : describe(id);
      response.writeHead(isReply ? 201 : 200, {
        'Content-Type': 'application/json',
        'Content-Length': body.length,
      });
      response.end(body);
      if (!isReply) return;
      const asked = waiting.get(id);
      asked?.shift()?.();
      if (asked?.length === 0) waiting.delete(id);
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}`,

    /** Whoever asks for webhooks is told this one. */
    register: (target: string): void => {
      webhooks.push({ id: 'webhook', target, triggers: ['conversation:message'] });
    },

    /**
     * Whether the conversation's next message comes in time. Whoever asks while another waits gets the one
     * after: a conversation is answered in its order.
     */
    replyIn: (conversationId: string, withinMs: number): Promise<boolean> =>
      new Promise((resolve) => {
        const timer = setTimeout(() => resolve(false), withinMs);
        const asked = waiting.get(conversationId) ?? [];
        asked.push(() => {
          clearTimeout(timer);
          resolve(true);
        });
        waiting.set(conversationId, asked);
      }),

    close(): void {
      server.closeAllConnections();
      server.close();
    },
  };
}

const describe = (id: string): string =>
  JSON.stringify({
    conversation: { id, activeSwitchboardIntegration: { id: '1', integrationType: 'shopkeeper' } },
    messages: [],
  });
