import { messageOf, OperatorError } from '../../errors.ts';
import { within } from '../../timers.ts';
import type { OpenTunnel } from './run-tunnel.ts';

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

const DASHBOARD = 'https://dashboard.ngrok.com';
const REFUSED = `ngrok refuses NGROK_AUTHTOKEN. Copy it again from ${DASHBOARD}/get-started/your-authtoken`;

/** ngrok's codes (https://ngrok.com/docs/errors/reference) that somebody who starts a tunnel may meet. */
const BY_CODE: Record<string, string> = {
  ERR_NGROK_105: REFUSED,
  ERR_NGROK_106: REFUSED,
  ERR_NGROK_107: REFUSED,
  ERR_NGROK_4018: REFUSED,
  ERR_NGROK_102: `The last payment of your ngrok account failed: see ${DASHBOARD}`,
  ERR_NGROK_103: `Your ngrok account is suspended: see ${DASHBOARD}`,
  ERR_NGROK_108: `Your ngrok account has as many tunnels open as it may: stop one, see ${DASHBOARD}/agents`,
  ERR_NGROK_334: `The address of your ngrok account is in use by another tunnel: stop that one, see ${DASHBOARD}/endpoints`,
  ERR_NGROK_120: 'ngrok no longer takes this version of its library: npm update @ngrok/ngrok',
};

/** The library's own words are left out: they repeat the token. */
export function explainNgrokError(error: unknown): OperatorError {
  const code = /ERR_NGROK_\d+/.exec(messageOf(error))?.[0];
  if (code === undefined) {
    return new OperatorError(
      'ngrok could not be reached. Does this network allow connections to connect.ngrok-agent.com:443? ' +
        'Another tunnel is two lines: docs/tunnel.md',
    );
  }
  const reference = `https://ngrok.com/docs/errors/${code.toLowerCase()}`;
  return new OperatorError(`${BY_CODE[code] ?? 'ngrok refused'} (${code}, ${reference}).`);
}
