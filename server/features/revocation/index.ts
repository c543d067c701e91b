import express, { Router } from 'express';
import type { Core } from '../../core.ts';
import { refuseDeepJson } from '../../parse-json.ts';
import type { RemoteCall } from '../../remote-call.ts';
import { isTokenRejected } from '../../remote-error.ts';
import { bindTo } from '../../web/handlers.ts';
import { limitPerMinute } from '../../web/rate-limits.ts';
import type { Feature, FeatureParts } from '../feature.ts';
import { CHECK_TOKEN_JOB } from './check.ts';
import { deleteRevoked } from './delete-revoked.ts';
import { CHECK_TOKEN, doubtToken } from './doubt.ts';
import { dropLateWords } from './drop-words.ts';
import { receiveRemoveCallback } from './remove-callback.ts';
import { revocationMigration } from './schema.ts';

/** Notices that an account removed the bot at Zendesk: it says so, or a call is refused. */
export const revocation: Feature = {
  name: 'revocation',
  migrations: { '0001-initial': revocationMigration },
  posts: [{ path: '/remove', status: 400 }],
  portalAddress: { field: 'Remove URL', path: '/remove' },
  eventTypes: { [CHECK_TOKEN]: CHECK_TOKEN_JOB },
  open,
};

function open(core: Core): FeatureParts {
  const endpoints = Router();
  const json = express.json({ limit: '10kb', type: () => true, verify: refuseDeepJson });
  endpoints.post('/remove', limitPerMinute(120), json, bindTo(core)(receiveRemoveCallback));

  return {
    endpoints,
    watchCalls: ({ id }, call) => watch(core, id, call),
    async deleteOld() {
      await dropLateWords(core);
      await deleteRevoked(core);
    },
    deletes: [
      'Removing the bot in Zendesk deletes everything above as soon as Zendesk says so.',
      'Should Zendesk not say so, what customers wrote is deleted when we notice, connected services are left alone from then on, and everything else is deleted 30 days later.',
    ],
  };
}

/** A call that is refused because of the token puts it in doubt. */
function watch(core: Core, installationId: string, call: RemoteCall): RemoteCall {
  return async (request) => {
    try {
      return await call(request);
    } catch (error) {
      if (isTokenRejected(error)) await doubt();
      throw error;
    }
  };

  async function doubt(): Promise<void> {
    await doubtToken(core, installationId, { isReported: false }).catch((error: unknown) => {
      const text = 'A token that was refused could not be doubted; the next refusal tries again.';
      core.log.error({ error, installationId }, text);
    });
  }
}
