import type { Server } from 'node:http';
import { codeOf, OperatorError } from '../errors.ts';

/** An OperatorError when the port belongs to another program, else the error itself. */
export function explainTakenPort(error: unknown, variable: string, port: number): unknown {
  if (codeOf(error) !== 'EADDRINUSE') return error;
  return new OperatorError(
    `Port ${port} is taken by another program. Stop it, or choose another: ${variable}=${port + 1} npm start`,
  );
}

/** @throws OperatorError when the port is taken. */
export function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(explainTakenPort(error, 'PORT', port)));
    server.listen(port, resolve);
  });
}
