import { Router } from 'express';
import type { Core } from '../../core.ts';
import { bindTo } from '../../web/handlers.ts';
import type { Feature, FeatureParts } from '../feature.ts';
import { sendTestMessage } from './send.ts';

/** A button with which an owner sees that sending works, and no customer hears of it. */
export const testMessage: Feature = { name: 'test-message', open };

function open(core: Core): FeatureParts {
  const pages = Router();
  pages.post('/installations/:id/test-message', core.form, bindTo(core)(sendTestMessage));
  return {
    pages,
    async settingsCards({ id, status }) {
      if (status !== 'active') return [];
      const locals = { basePath: `/installations/${id}` };
      return [{ place: 'check', view: 'test-message/sections/test-message', locals }];
    },
  };
}
