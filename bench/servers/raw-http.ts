import { serve } from './serve.ts';

/** Node's own server: reads the body, parses it, answers. Stores nothing. */
await serve((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    JSON.parse(Buffer.concat(chunks).toString('utf8'));
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 2 });
    response.end('{}');
  });
});
