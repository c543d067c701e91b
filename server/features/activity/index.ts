import { Router } from 'express';
import type { Core } from '../../core.ts';
import { bindTo } from '../../web/handlers.ts';
import type { Feature, FeatureParts } from '../feature.ts';
import { createActivityFeed, nameActivity } from './feed.ts';

const LINES = 50;

/** What the bot hears and does, on the account's page as it happens. */
export const activity: Feature = { name: 'activity', open };

function open(core: Core): FeatureParts {
  const pages = Router();
  pages.get('/installations/:id/activity', bindTo(core)(createActivityFeed()));
  return {
    pages,
    async cards({ id }) {
      const lines = await core.activityLog.latest(id, LINES);
      const named = lines.map((line) => ({ ...line, name: nameActivity(line.kind) }));
      const locals = { activity: named, liveHref: `/installations/${id}/activity` };
      return [{ place: 'overview', view: 'activity/sections/live', locals }];
    },
  };
}
