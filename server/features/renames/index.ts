import type { Feature } from '../feature.ts';
import { createFollow } from './follow.ts';

/** An account whose subdomain was changed at Zendesk is found where it is now. */
export const renames: Feature = {
  name: 'renames',
  open: (core) => ({ watchCalls: createFollow(core) }),
};
