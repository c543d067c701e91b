import type { Server } from 'node:http';

/** The port belongs to another program; the message says which variable chooses another. */
export class PortTakenError extends Error {}

export function explainTakenPort(error: unknown, variable: string, port: number): unknown {
  if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) return error;
  return new PortTakenError(
    `Port ${port} is taken by another program. Stop it, or choose another: ${variable}=${port + 1} npm start`,
  );
}

/** @throws PortTakenError */
export function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(explainTakenPort(error, 'PORT', port)));
    server.listen(port, resolve);
  });
}
