import type { IncomingMessage } from 'node:http';

/** After refusing a body we go on reading this much, so that the sender gets to see the answer. */
const DRAIN_LIMIT_BYTES = 16 * 1024 * 1024;

export class BodyTooLargeError extends Error {}

/** The connection ended before the body did. */
export class SenderGoneError extends Error {}

/**
 * Reads a request body of at most `maxBytes`.
 * @throws BodyTooLargeError as soon as that is exceeded; the rest is then drained, not kept.
 * @throws SenderGoneError
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (request.destroyed) return reject(new SenderGoneError('The sender hung up at once.'));
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
    // Of a request that is being read, nothing but the end of its connection is an error.
    request.on('error', (cause) => reject(new SenderGoneError('The sender hung up.', { cause })));
  });
}
