import { connections } from './features/connections/index.ts';
import { events } from './features/events/index.ts';
import type { Feature } from './features/feature.ts';
import { metrics } from './features/metrics/index.ts';
import { privacy } from './features/privacy/index.ts';
import { timeline } from './features/timeline/index.ts';

/** What can be left out: delete a line and its folder (docs/make-it-yours.md). Observers in this order. */
export const features: readonly Feature[] = [metrics, timeline, events, connections, privacy];
