import type { Core } from '../../core.ts';
import type { EventHooks } from '../../inbox/event-hooks.ts';
import type { RemoteRequest } from '../../remote-call.ts';
import { RemoteError } from '../../remote-error.ts';
import type { Installation } from '../../store/schema.ts';
import { apiBaseUrl } from '../../zendesk/urls.ts';
import type { Feature } from '../feature.ts';
import { lookAtToken, type LookNeeds } from '../shared/look-at-token.ts';

const KEPT = 1_000;
/** What a look at an account has shown is believed for this long, whatever else fails. */
const BELIEVED_MS = 10_000;

/** An account whose subdomain was changed at Zendesk is found where it is now. */
export const renames: Feature = {
  name: 'renames',
  open: (core) => ({ watchCalls: createFollow(core) }),
};

/** Sends the calls of an installation wherever its account has moved to. */
function createFollow(
  core: LookNeeds & Pick<Core, 'config' | 'now'>,
): NonNullable<EventHooks['watchCalls']> {
  const { config, installations, now } = core;
  const looks = new Map<string, { until: number; isClear: Promise<boolean> }>();

  /** Once at a time and for all calls that fail meanwhile. Returns whether the answer was a clear one. */
  function look(installation: Installation): Promise<boolean> {
    const { id } = installation;
    const last = looks.get(id);
    if (last !== undefined && last.until > now()) return last.isClear;
    if (looks.size >= KEPT) looks.clear();
    const isClear = lookAtToken(core, installation).then(
      () => true,
      () => false,
    );
    looks.set(id, { until: now() + BELIEVED_MS, isClear });
    return isClear;
  }

  /**
   * The subdomain that an account was renamed to; undefined when a call failed for another reason. Whatever
   * an account's address says of it counts only while it is the account's: so the bridge is asked first.
   */
  async function findRenamed({ id, subdomain: used }: Installation, error: unknown) {
    if (!mayHaveMoved(error)) return undefined;
    // Another call, or another instance, may have found it already.
    const known = await installations.find(id);
    if (known === undefined) return undefined;
    const isClear = known.subdomain !== used || (await look(known));
    const { subdomain } = (await installations.find(id)) ?? known;
    if (subdomain !== null && subdomain !== used) return subdomain;
    if (isClear) return undefined;
    const reason = 'Zendesk could not be asked whether the account has moved';
    throw new RemoteError(error.operation, { reason, cause: error });
  }

  return (installation, call) => {
    const before = apiBaseUrl(config.zendesk, installation.subdomain);
    let base = before;
    return async function follow<Answer>(request: RemoteRequest<Answer>): Promise<Answer> {
      const send = () =>
        call(
          base === before
            ? request
            : { ...request, url: `${base}${request.url.slice(before.length)}` },
        );
      try {
        return await send();
      } catch (error) {
        const renamed = await findRenamed(installation, error);
        if (renamed === undefined) throw error;
        base = apiBaseUrl(config.zendesk, renamed);
        return await send();
      }
    };
  };
}

function mayHaveMoved(error: unknown): error is RemoteError {
  if (!(error instanceof RemoteError)) return false;
  // Which of them a token gets at an address that is another account's by now is not documented.
  return error.isMisdirected || [401, 403, 404, 410].includes(error.status ?? 0);
}
