import { Socket } from 'node:net';

const LOOPBACK = /^(localhost|127(\.\d+){3}|::1)$/;
// Called below with the socket it belongs to.
// oxlint-disable-next-line typescript/unbound-method
const connect = Socket.prototype.connect;

/** Tests speak to this machine only: whatever wants to leave it fails loudly. */
function connectLocally(this: Socket, ...given: unknown[]) {
  const [first] = given;
  const [target] = Array.isArray(first) ? first : given;
  const host =
    typeof target === 'object' && target !== null && 'host' in target ? target.host : undefined;
  if (typeof host === 'string' && !LOOPBACK.test(host)) {
    throw new Error(`A test tried to reach ${host}.`);
  }
  return Reflect.apply(connect, this, given);
}

// Vitest runs this before each file, all of which share a process.
if (connect.name !== connectLocally.name) Socket.prototype.connect = connectLocally;
