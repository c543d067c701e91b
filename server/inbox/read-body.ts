import type { IncomingMessage } from 'node:http';

/** After refusing a body we go on reading this much, so that the sender gets to see the answer. */
const DRAIN_LIMIT_BYTES = 16 * 1024 * 1024;

export class BodyTooLargeError extends Error {}

/**
 * Reads a request body of at most `maxBytes`.
 * @throws BodyTooLargeError as soon as that is exceeded; the rest is then drained, not kept.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      reject(new BodyTooLargeError());
      if (size > DRAIN_LIMIT_BYTES) request.destroy();
    });
    request.on('end', () =>
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)),
    );
    request.on('error', reject);
    request.on('aborted', () => reject(new Error('The sender hung up.')));
  });
}
