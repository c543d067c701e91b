import { RemoteError } from '../remote-error.ts';
import type { Installation } from '../store/schema.ts';
import { lookAtToken, type TokenLooks } from '../installations/uninstall/look-at-token.ts';

/** After a call failed: the subdomain to try again at; undefined when it failed for another reason. */
export type FollowAccount = (
  installation: Installation,
  error: unknown,
) => Promise<string | undefined>;

/** What a look has shown is believed for this long, whatever else fails. */
const BELIEVED_MS = 10_000;
/** More accounts than that hardly fail in ten seconds. */
const REMEMBERED = 1_000;

/**
 * Finds accounts again that were renamed. Whatever an account's address says of it counts only while it is
 * the account's: so the bridge is asked first, once at a time and for all calls that fail meanwhile.
 */
export function createFollowAccount(options: TokenLooks & { now: () => number }): FollowAccount {
  const { installations, now } = options;
  const looks = new Map<string, { until: number; isClear: Promise<boolean> }>();

  /** Returns whether the bridge has given a clear answer. */
  function look(installation: Installation): Promise<boolean> {
    const { id } = installation;
    const last = looks.get(id);
    if (last !== undefined && last.until > now()) return last.isClear;
    if (looks.size >= REMEMBERED) looks.clear();
    const isClear = lookAtToken(options, installation).then(
      () => true,
      () => false,
    );
    looks.set(id, { until: now() + BELIEVED_MS, isClear });
    return isClear;
  }

  return async (installation, error) => {
    if (!mayHaveMoved(error)) return undefined;
    const { id, subdomain: used } = installation;
    // Another call, or another instance, may have found it already.
    const known = await installations.find(id);
    if (known === undefined) return undefined;
    const isClear = known.subdomain !== used || (await look(known));
    const { subdomain } = (await installations.find(id)) ?? known;
    if (subdomain !== null && subdomain !== used) return subdomain;
    if (isClear) return undefined;
    const reason = 'Zendesk could not be asked whether the account has moved';
    throw new RemoteError(error.operation, { reason, cause: error });
  };
}

function mayHaveMoved(error: unknown): error is RemoteError {
  if (!(error instanceof RemoteError)) return false;
  // Which of them a token gets at an address that is another account's by now is not documented.
  return error.isMisdirected || [401, 403, 404, 410].includes(error.status ?? 0);
}
