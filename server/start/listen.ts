import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer, type Server as NetServer } from 'node:net';
import { codeOf, OperatorError } from '../errors.ts';

const [FIRST, SECOND] = ['127.0.0.1', '::1'];
/** A machine without IPv6 says so in one of these ways. */
const NO_SUCH_FAMILY = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL']);

/** `localhost`: this machine alone, in both families; undefined: every interface. */
type Host = string | undefined;

/**
 * Opens the port, and returns what closes it again; connections that are open stay.
 * @throws OperatorError when it is taken, or HOST is not of this machine.
 */
export async function listen(
  server: Server,
  { port, host }: { port: number; host: Host },
): Promise<() => void> {
  try {
    await open(server, port, host === 'localhost' ? FIRST : host);
    const second = host === 'localhost' ? await openSecond(server) : undefined;
    return () => {
      server.close();
      second?.close();
    };
  } catch (error) {
    server.close();
    throw explainListening(error, { variable: 'PORT', port, host });
  }
}

/** An OperatorError for what the operator can put right, else the error itself. */
export function explainListening(
  error: unknown,
  { variable, port, host }: { variable: string; port: number; host: Host },
): unknown {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new OperatorError(
        `Port ${port} is taken by another program. Stop it, or choose another: ${variable}=${port + 1} npm start`,
      );
    case 'EACCES':
      return new OperatorError(
        `This user may not open port ${port}. Choose one above 1023, and let a proxy have the other: ${variable}=3000 npm start`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new OperatorError(
        `HOST=${host} is not an address of this machine. Leave it out, or take 127.0.0.1 for this machine alone and 0.0.0.0 for every interface.`,
      );
    default:
      return error;
  }
}

/** Browsers and `fetch` try either family first, so the same server answers in both. */
async function openSecond(server: Server): Promise<NetServer | undefined> {
  const second = createServer((socket) => server.emit('connection', socket));
  const address = server.address();
  if (address === null || typeof address === 'string') return undefined;
  try {
    await open(second, address.port, SECOND);
    return second;
  } catch (error) {
    if (NO_SUCH_FAMILY.has(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}

async function open(server: NetServer, port: number, host: Host): Promise<void> {
  server.listen({ port, host });
  await once(server, 'listening');
}
