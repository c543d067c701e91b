import { Router } from 'express';
import type { Core } from '../../core.ts';
import type { Installation } from '../../store/schema.ts';
import { bindTo } from '../../web/handlers.ts';
import type { Card } from '../cards.ts';
import type { Feature, FeatureParts } from '../feature.ts';
import { checkWebhook } from './check.ts';
import { createDescribeWebhook, type Description } from './describe.ts';

/** An account's webhook as its owner sees it, with the buttons that check it and replace another by it. */
export const webhook: Feature = { name: 'webhook', open };

function open(core: Core): FeatureParts {
  const describeWebhook = createDescribeWebhook(core);
  const pages = Router();
  pages.post('/installations/:id/webhook', core.form, bindTo(core)(checkWebhook));
  return {
    pages,
    async cards(installation, { query }) {
      // refresh-panels.js wants what our own database knows.
      const look = query['panels'] === undefined ? 'if-old' : 'never';
      if (installation.status !== 'active') return [];
      const described = await describeWebhook(installation, look);
      if (described.state === 'unknown')
        return described.explanation === null ? [] : [drawNotice(described)];
      return isMissing(described)
        ? [drawNotice(described), draw('obstacle', installation, described)]
        : [];
    },
    async settingsCards(installation, { session: { flash } }) {
      if (installation.status !== 'active') return [];
      // A form may have changed it.
      const look = flash === undefined ? 'if-old' : 'again';
      const described = await describeWebhook(installation, look);
      const notices = isMissing(described) ? [drawNotice(described)] : [];
      return [...notices, draw('check', installation, described)];
    },
  };
}

const isMissing = ({ state }: Description) => state === 'missing' || state === 'limit';

const drawNotice = (described: Description): Card => ({
  place: 'notice',
  view: 'webhook/sections/notice',
  locals: { webhook: described },
});

function draw(place: Card['place'], { id }: Installation, described: Description): Card {
  const locals = { basePath: `/installations/${id}`, webhook: described };
  return { place, view: 'webhook/sections/webhook', locals };
}
