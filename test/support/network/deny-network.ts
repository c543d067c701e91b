import { lookup } from 'node:dns/promises';
import { Socket, type LookupFunction } from 'node:net';

const LOOPBACK = /^(localhost|127(\.\d+){3}|::1)$/;
// Called below with the socket it belongs to.
// oxlint-disable-next-line typescript/unbound-method
const connect = Socket.prototype.connect;

/** Asked once: for each connection it would take the system a tenth of what a request takes. */
const localhost = await lookup('localhost', { all: true });
const findLocalhost: LookupFunction = (_name, { all }, found) => {
  const [{ address, family } = { address: '127.0.0.1', family: 4 }] = localhost;
  if (all === true) found(null, localhost);
  else found(null, address, family);
};

/** Tests speak to this machine only: whatever wants to leave it fails loudly. */
function connectLocally(this: Socket, ...given: unknown[]) {
  const [first] = given;
  const [target] = Array.isArray(first) ? first : given;
  const host =
    typeof target === 'object' && target !== null && 'host' in target ? target.host : undefined;
  if (typeof host === 'string' && !LOOPBACK.test(host)) {
    throw new Error(`A test tried to reach ${host}.`);
  }
  if (host === 'localhost') Object.assign(target, { lookup: findLocalhost });
  return Reflect.apply(connect, this, given);
}

// Vitest runs this before each file, all of which share a process.
if (connect.name !== connectLocally.name) Socket.prototype.connect = connectLocally;
