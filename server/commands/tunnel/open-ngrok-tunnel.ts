import { OperatorError } from '../../errors.ts';
import { within } from '../../timers.ts';
import { explainNgrokError } from './explain-ngrok-error.ts';
import type { OpenTunnel } from './tunnel.ts';

const OPEN_WITHIN_MS = 20_000;

/** A tunnel of ngrok's, whose agent is a library in this process. */
export const openNgrokTunnel: OpenTunnel = async ({ address, authtoken, domain }) => {
  if (authtoken === undefined) {
    throw new OperatorError(
      'NGROK_AUTHTOKEN is missing. Sign up at https://dashboard.ngrok.com/signup (it costs nothing), copy the token from ' +
        'https://dashboard.ngrok.com/get-started/your-authtoken into .env; `npm run setup` asks for it.',
    );
  }
  const { forward } = await loadLibrary();
  const opening = within(
    OPEN_WITHIN_MS,
    forward({ addr: address, authtoken, ...(domain === undefined ? {} : { domain }) }),
  );
  const listener = await opening.catch((error: unknown) => {
    throw explainNgrokError(error);
  });
  const url = listener.url();
  if (url === null) throw new OperatorError('ngrok opened a tunnel without an address. Try again.');
  return { url, close: () => listener.close() };
};

/** Loaded for this command alone: it is native code, and not for every platform. */
async function loadLibrary() {
  return await import('@ngrok/ngrok').catch((cause: unknown) => {
    throw new OperatorError(
      'ngrok’s library cannot be loaded on this machine. Run `npm install` again, or take another tunnel: docs/tunnel.md',
      { cause },
    );
  });
}
