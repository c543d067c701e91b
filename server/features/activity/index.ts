import { Router } from 'express';
import type { Core } from '../../core.ts';
import type { Observer } from '../../observe.ts';
import { bindTo } from '../../web/handlers.ts';
import type { Feature, FeatureParts } from '../feature.ts';
import {
  createActivityLog,
  deleteActivity,
  insertActivity,
  KEPT_DAYS,
  moveActivity,
  prepareActivity,
  type ActivityLog,
} from './activity-log.ts';
import { createActivityFeed, nameActivity } from './feed.ts';
import { activityMigration } from './schema.ts';

const LINES = 50;

/** What the bot hears and does: written down, and on the account's page as it happens. */
export const activity: Feature = {
  name: 'activity',
  migrations: { '0001-initial': activityMigration },
  open,
};

function open(core: Core): FeatureParts {
  const activityLog = createActivityLog(core);
  const pages = Router();
  const to = bindTo({ ...core, activityLog });
  pages.get('/installations/:id/activity', to(createActivityFeed()));
  return {
    pages,
    observer: createActivityObserver(core, activityLog),
    async cards({ id }) {
      const lines = await activityLog.latest(id, LINES);
      const named = lines.map((line) => ({ ...line, name: nameActivity(line.kind) }));
      const locals = { activity: named, liveHref: `/installations/${id}/activity` };
      return [{ place: 'overview', view: 'activity/sections/live', locals }];
    },
    kept: [
      {
        what: 'Activity: what the bot did, in a sentence each',
        howLong: `${KEPT_DAYS} days`,
      },
    ],
    describeData: async () => [
      `the activity, except for one line: that the data was deleted, and when. It stays for up to ${KEPT_DAYS} days`,
    ],
    exportData: (id) => ({ activity: activityLog.listAll(id) }),
    deleteOld: () => activityLog.deleteOld(),
  };
}

/** Writes down what owners are told. Of a removed installation one line stays: that it was, and why. */
export function createActivityObserver(
  { database, now }: Pick<Core, 'database' | 'now'>,
  log: ActivityLog,
): Observer {
  const addLines = prepareActivity(database);
  const keyOf = (installationId: string) => (id: string) => `${installationId}/${id}`;
  return {
    note: (installationId, kind, text) => log.add(installationId, kind, text),
    async settle(transaction, settlements, at) {
      const lines = settlements.flatMap(({ event, activity: line }) => {
        const { installation_id, conversation_key } = event;
        return line ? [{ installation_id, conversation_key, at, ...line }] : [];
      });
      await addLines(lines, transaction);
    },
    occur: {
      'attempt-settled': ({ event, activity: line }) => {
        if (line !== undefined) log.announce(event.installation_id);
      },
    },
    async forget(transaction, installationId, { conversationIds }) {
      await deleteActivity(transaction, conversationIds.map(keyOf(installationId)));
    },
    async merge(transaction, installationId, { kind, discardedId, survivingId }) {
      const key = keyOf(installationId);
      if (kind === 'conversation')
        await moveActivity(transaction, key(discardedId), key(survivingId));
    },
    async remove(transaction, installationId, last) {
      const lines = transaction.deleteFrom('activity');
      await lines.where('installation_id', '=', installationId).execute();
      await insertActivity(transaction, { installation_id: installationId, ...last, at: now() });
    },
  };
}
