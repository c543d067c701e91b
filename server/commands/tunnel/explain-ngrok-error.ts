import { messageOf, OperatorError } from '../../errors.ts';

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
