import type { MeasureCall } from '../../server/features/metrics/calls.ts';

/** For calls that nobody counts. */
export const measureNothing: MeasureCall = (_operation, send) => send();
