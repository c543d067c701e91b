import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request as forward } from 'node:http';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A certificate for localhost that nobody but a test trusts. */
export async function makeCertificate(folder: string) {
  const keyFile = join(folder, 'key.pem');
  const certFile = join(folder, 'cert.pem');
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const kind = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  await run('openssl', ['req', ...kind, '-keyout', keyFile, '-out', certFile, ...subject]);
  return { certFile, key: await readFile(keyFile), cert: await readFile(certFile) };
}

/** Ends TLS on a free port and passes requests on to another, as the proxies of a public site do. */
export async function startTlsProxy(options: {
  target: number;
  certificate: { key: Buffer; cert: Buffer };
}) {
  const { target, certificate } = options;
  const server = createServer(certificate, (request, response) => {
    const headers = {
      ...request.headers,
      'x-forwarded-proto': 'https',
      'x-forwarded-for': request.socket.remoteAddress ?? '',
    };
    const { method, url: path } = request;
    const passed = forward({ port: target, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      // A live page's first line may be long in coming, and its browser waits for the head.
      response.flushHeaders();
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    response.on('close', () => passed.destroy());
    request.pipe(passed);
  }).listen(0);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port was assigned');
  return {
    url: `https://localhost:${address.port}`,
    close(): void {
      server.close();
      server.closeAllConnections();
    },
  };
}
