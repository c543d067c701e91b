import { CHECK_TOKEN } from '../../installations/uninstall/check.ts';
import { TRIGGERS } from '../../zendesk/events.ts';

/** Jobs of this app wait in the inbox beside Zendesk's events. */
const JOBS: Readonly<Record<string, string>> = {
  [CHECK_TOKEN]: 'Check whether the bot was removed',
};

export const EVENT_TYPES: readonly string[] = [...TRIGGERS, ...Object.keys(JOBS)];

/** Zendesk's types speak for themselves. */
export function nameEventType(type: string): string {
  return Object.hasOwn(JOBS, type) ? (JOBS[type] ?? type) : type;
}
