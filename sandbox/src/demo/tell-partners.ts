import { ANSWER_TIMEOUT_MS, postJson } from '../deliveries/post-json.ts';
import { newId } from '../state/new-id.ts';
import { predefinedAccounts } from '../state/predefined-accounts.ts';
import { toWorldSuffix } from './world-key.ts';

/**
 * Calls the remove URLs for every account of a world that is gone, installed or not: its visitor may have
 * armed a fault that lost the callback, or changed the address. Who asks about the token then hears that
 * it is dead, and whoever never had one has nothing to do. False: somebody did not answer 200.
 */
export async function tellPartners(removeUrls: string[], worldId: string): Promise<boolean> {
  const calls = predefinedAccounts(toWorldSuffix(worldId)).flatMap(({ appId }) =>
    removeUrls.map((url) => {
      const body = JSON.stringify({ appId, integrationId: newId() });
      return postJson({ url, body, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    }),
  );
  return (await Promise.all(calls)).every((answer) => answer?.status === 200);
}
